import { Module } from '@nestjs/common';
import { ClockModule } from '../common/clock/clock.module.ts';
import { EmbeddingModule } from '../embedding/embedding.module.ts';
import { GraphModule } from '../graph/graph.module.ts';
import { PassageChain } from './passage-chain.service.ts';
import { RetrievalService } from './retrieval.service.ts';

@Module({
  imports: [ClockModule, GraphModule, EmbeddingModule],
  providers: [PassageChain, RetrievalService],
  exports: [RetrievalService],
})
export class RetrievalModule {}
