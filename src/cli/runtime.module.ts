import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.ts';
import { ChatModule } from '../chat/chat.module.ts';
import { ConfigModule } from '../config/config.module.ts';
import type { Settings } from '../config/load-settings.ts';
import { EmbeddingModule } from '../embedding/embedding.module.ts';
import { GraphModule } from '../graph/graph.module.ts';
import { IngestionModule } from '../ingestion/ingestion.module.ts';
import { ModelsModule } from '../models/models.module.ts';
import { RetrievalModule } from '../retrieval/retrieval.module.ts';
import { StorageModule } from '../storage/storage.module.ts';

const PARTS = [StorageModule, AuthModule, ModelsModule, GraphModule, EmbeddingModule, IngestionModule, RetrievalModule, ChatModule];

/** The parts of the service that commands work with: all but its HTTP server and page. */
@Module({})
export class RuntimeModule {
  static forRoot(settings: Settings): DynamicModule {
    return { module: RuntimeModule, imports: [ConfigModule.forRoot(settings), ...PARTS] };
  }
}
