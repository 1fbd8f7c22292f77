import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { ClockModule } from '../common/clock/clock.module.ts';
import { ChatModel } from './chat-model.port.ts';
import { ModelGateway } from './model-gateway.service.ts';
import { ModelsHealth } from './models.health.ts';
import { ModelsMetrics } from './models.metrics.ts';

@Module({
  imports: [ClockModule, TerminusModule],
  providers: [
    ModelGateway,
    ModelsHealth,
    ModelsMetrics,
    { provide: ChatModel, inject: [ModelGateway], useFactory: (gateway: ModelGateway): ChatModel => gateway.openClient('models').chatModel },
  ],
  exports: [ModelGateway, ChatModel, ModelsHealth, ModelsMetrics],
})
export class ModelsModule {}
