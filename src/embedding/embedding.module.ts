import { Module } from '@nestjs/common';
import { CacheModule } from '../cache/cache.module.ts';
import { MODELS_CONFIG, type ModelsConfig } from '../config/models.config.ts';
import { ModelsModule } from '../models/models.module.ts';
import { LocalEmbeddingProvider } from './adapters/local-embedding.adapter.ts';
import { OpenAiEmbeddingProvider } from './adapters/openai-embedding.adapter.ts';
import { EmbeddingConnection } from './embedding-connection.service.ts';
import { EmbeddingProvider } from './embedding-provider.port.ts';
import { EmbeddingService } from './embedding.service.ts';
import { NameVectors } from './name-vectors.service.ts';

/** The model server's embeddings where an embedding model is configured, else the local ones. */
function chooseProvider({ embeddingModel, embeddingDimensions }: ModelsConfig, connection: EmbeddingConnection): EmbeddingProvider {
  if (embeddingModel === undefined) return new LocalEmbeddingProvider();
  return new OpenAiEmbeddingProvider(() => connection.client(), { model: embeddingModel, dimensions: embeddingDimensions });
}

@Module({
  imports: [ModelsModule, CacheModule],
  providers: [
    EmbeddingConnection,
    EmbeddingService,
    NameVectors,
    { provide: EmbeddingProvider, inject: [MODELS_CONFIG, EmbeddingConnection], useFactory: chooseProvider },
  ],
  exports: [EmbeddingService, EmbeddingConnection, NameVectors],
})
export class EmbeddingModule {}
