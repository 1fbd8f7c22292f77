import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { ClockModule } from '../common/clock/clock.module.ts';
import { StorageModule } from '../storage/storage.module.ts';
import { ChatModel } from './chat-model.port.ts';
import { UsageLedger } from './ledger/usage-ledger.service.ts';
import { ModelGateway } from './model-gateway.service.ts';
import { ModelsHealth } from './models.health.ts';
import { ModelsMetrics } from './models.metrics.ts';

@Module({
  imports: [ClockModule, StorageModule, TerminusModule],
  providers: [
    ModelGateway,
    ModelsHealth,
    ModelsMetrics,
    UsageLedger,
    { provide: ChatModel, inject: [ModelGateway], useFactory: (gateway: ModelGateway): ChatModel => gateway.openClient('models').chatModel },
  ],
  exports: [ModelGateway, ChatModel, ModelsHealth, ModelsMetrics, UsageLedger],
})
export class ModelsModule {}
