import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { ModelError } from '../models/models.errors.ts';
import type { ModelClient } from '../models/model-client.port.ts';
import { ModelGateway } from '../models/model-gateway.service.ts';

/** This module's client of the model gateway, from the start of the module to its end. */
@Injectable()
export class EmbeddingConnection implements OnModuleInit, OnApplicationShutdown {
  #client: ModelClient | undefined;

  constructor(private readonly gateway: ModelGateway) {}

  /** Embedding calls under way. */
  get inFlight(): number {
    return this.#client?.inFlight ?? 0;
  }

  /** Whether the client is open. */
  get open(): boolean {
    return this.#client !== undefined;
  }

  onModuleInit(): void {
    this.#client = this.gateway.openClient('embedding');
  }

  async onApplicationShutdown(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.close();
  }

  /** @throws ModelError `model-unavailable` before the start and after the end */
  client(): ModelClient {
    if (this.#client === undefined) throw new ModelError('model-unavailable', 'The embedding client is not open.', { retryable: true });
    return this.#client;
  }
}
