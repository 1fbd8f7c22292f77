import { Module } from '@nestjs/common';
import { ClockModule } from '../common/clock/clock.module.ts';
import { LifecycleModule } from '../common/lifecycle/lifecycle.module.ts';
import { EmbeddingModule } from '../embedding/embedding.module.ts';
import { GraphModule } from '../graph/graph.module.ts';
import { RetrieveController } from './http/retrieve.controller.ts';
import { RetrievalService } from './retrieval.service.ts';

@Module({
  imports: [ClockModule, LifecycleModule, GraphModule, EmbeddingModule],
  controllers: [RetrieveController],
  providers: [RetrievalService],
  exports: [RetrievalService],
})
export class RetrievalModule {}
