import { Module } from '@nestjs/common';
import { ClockModule } from '../common/clock/clock.module.ts';
import { LifecycleModule } from '../common/lifecycle/lifecycle.module.ts';
import { MODELS_CONFIG, type ModelsConfig } from '../config/models.config.ts';
import { RETRIEVAL_SETTINGS, type RetrievalSettings } from '../config/retrieval.config.ts';
import { EmbeddingModule } from '../embedding/embedding.module.ts';
import { GraphModule } from '../graph/graph.module.ts';
import { ChatModel } from '../models/chat-model.port.ts';
import { ModelsModule } from '../models/models.module.ts';
import { ModelReranker } from './adapters/model-reranker.adapter.ts';
import { NoReranker } from './adapters/no-reranker.adapter.ts';
import { RetrieveController } from './http/retrieve.controller.ts';
import { Reranker } from './reranker.port.ts';
import { RerankingService } from './reranking.service.ts';
import { RetrievalService } from './retrieval.service.ts';

@Module({
  imports: [ClockModule, LifecycleModule, GraphModule, EmbeddingModule, ModelsModule],
  controllers: [RetrieveController],
  providers: [
    RerankingService,
    RetrievalService,
    {
      provide: Reranker,
      inject: [RETRIEVAL_SETTINGS, MODELS_CONFIG, ChatModel],
      useFactory: ({ rerank, rerankTimeoutMs }: RetrievalSettings, { chatModel }: ModelsConfig, model: ChatModel): Reranker =>
        rerank === 'off' || chatModel === undefined ? new NoReranker() : new ModelReranker(model, chatModel, rerankTimeoutMs),
    },
  ],
  exports: [RetrievalService],
})
export class RetrievalModule {}
