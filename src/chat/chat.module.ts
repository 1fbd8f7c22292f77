import { Module } from '@nestjs/common';
import { ClockModule } from '../common/clock/clock.module.ts';
import { LifecycleModule } from '../common/lifecycle/lifecycle.module.ts';
import { MODELS_CONFIG, type ModelsConfig } from '../config/models.config.ts';
import { GraphModule } from '../graph/graph.module.ts';
import { ModelsModule } from '../models/models.module.ts';
import { RetrievalModule } from '../retrieval/retrieval.module.ts';
import { StorageModule } from '../storage/storage.module.ts';
import { ChatConnection } from './adapters/chat-connection.ts';
import { ExtractiveAnswerer } from './adapters/extractive.answerer.ts';
import { ModelAnswerer } from './adapters/model.answerer.ts';
import { PromptBuilder } from './adapters/prompt.builder.ts';
import { Answerer } from './answerer.port.ts';
import { ChatService } from './chat.service.ts';
import { ChatController } from './http/chat.controller.ts';
import { SessionsController } from './http/sessions.controller.ts';
import { SessionService } from './session.service.ts';

@Module({
  imports: [ClockModule, GraphModule, LifecycleModule, ModelsModule, RetrievalModule, StorageModule],
  controllers: [ChatController, SessionsController],
  providers: [
    ChatConnection,
    ExtractiveAnswerer,
    PromptBuilder,
    SessionService,
    ChatService,
    {
      provide: Answerer,
      inject: [MODELS_CONFIG, ExtractiveAnswerer, ChatConnection, PromptBuilder],
      useFactory: ({ chatModel }: ModelsConfig, extractive: ExtractiveAnswerer, connection: ChatConnection, prompts: PromptBuilder): Answerer =>
        chatModel === undefined ? extractive : new ModelAnswerer(connection, prompts, chatModel),
    },
  ],
  exports: [ChatService],
})
export class ChatModule {}
