import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { ClockModule } from '../common/clock/clock.module.ts';
import { ChatModel } from './chat-model.port.ts';
import { ModelGateway } from './model-gateway.service.ts';
import { ModelsHealth } from './models.health.ts';

@Module({
  imports: [ClockModule, TerminusModule],
  providers: [
    ModelGateway,
    ModelsHealth,
    { provide: ChatModel, inject: [ModelGateway], useFactory: (gateway: ModelGateway): ChatModel => gateway.openClient('models').chatModel },
  ],
  exports: [ModelGateway, ChatModel, ModelsHealth],
})
export class ModelsModule {}
