import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../common/clock/clock.port.ts';
import { IdSource } from '../common/clock/id-source.port.ts';
import { MODELS_CONFIG, type ModelsConfig } from '../config/models.config.ts';
import { OpenAiUpstream } from './adapters/openai-upstream.ts';
import { CallRecords } from './call-records.ts';
import { CallScheduler } from './call-scheduler.ts';
import { GatewayClient } from './gateway-client.ts';
import type { GatewayCore } from './gateway-core.types.ts';
import type { ModelClient } from './model-client.port.ts';
import { ModelError } from './models.errors.ts';
import type { ModelFigures, ModelHealth } from './models.types.ts';
import { OptionalParts } from './optional-parts.ts';

/** The one way to model servers: one pool of connections, one scheduler a kind of call with an interactive and a bulk lane. */
@Injectable()
export class ModelGateway implements OnModuleInit, OnApplicationShutdown {
  readonly #logger = new Logger(ModelGateway.name);
  readonly #core: GatewayCore;
  readonly #clients = new Set<ModelClient>();
  #upstream: OpenAiUpstream | undefined;

  constructor(
    @Inject(MODELS_CONFIG) private readonly config: ModelsConfig,
    private readonly clock: Clock,
    ids: IdSource,
  ) {
    const limits = { interactive: config.interactiveConcurrency, bulk: config.bulkConcurrency };
    this.#core = {
      config,
      clock,
      ids,
      schedulers: { chat: new CallScheduler(limits), embedding: new CallScheduler(limits) },
      parts: new OptionalParts(),
      records: new CallRecords(),
      upstream: () => this.#opened(),
    };
  }

  /** Whether a model server is configured. */
  get configured(): boolean {
    return this.config.baseUrl !== undefined;
  }

  onModuleInit(): void {
    const { baseUrl } = this.config;
    if (baseUrl === undefined) return;
    this.#upstream = new OpenAiUpstream({ ...this.config, baseUrl }, this.clock);
    this.#warnOfWhatStaysLocal();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.#clients].map((client) => client.close()));
    await this.#upstream?.close();
    this.#upstream = undefined;
  }

  /**
   * A client for one user of the gateway, to be closed by the same one in its onApplicationShutdown. The gateway closes what is
   * still open when it stops itself.
   */
  openClient(name: string): ModelClient {
    const client = new GatewayClient(name, this.#core);
    this.#clients.add(client);
    return client;
  }

  /** Sums of calls since the start and what is under way, one line a kind and lane. */
  figures(): readonly ModelFigures[] {
    return this.#core.records.figures(this.#core.schedulers);
  }

  /** How the latest real calls went, one line for each kind that was called. */
  health(): readonly ModelHealth[] {
    return this.#core.records.health();
  }

  #opened(): OpenAiUpstream {
    if (this.#upstream !== undefined) return this.#upstream;
    if (this.configured) throw new ModelError('model-unavailable', 'The model gateway is not open.', { retryable: true });
    throw new ModelError('model-not-configured', 'No model server is configured.', {
      remedy: 'Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own, and name the models.',
    });
  }

  #warnOfWhatStaysLocal(): void {
    const { chatModel, extractionModel, embeddingModel } = this.config;
    const local = [
      chatModel === undefined ? 'CHAT_MODEL (answers are extracts from the passages)' : '',
      extractionModel === undefined ? 'EXTRACTION_MODEL (rules extract entities and relations)' : '',
      embeddingModel === undefined ? 'EMBEDDING_MODEL (local vectors, which do not take part in search)' : '',
    ].filter((line) => line !== '');
    if (local.length > 0) this.#logger.warn(`OPENAI_BASE_URL is set, but these are not, so their work stays local: ${local.join('; ')}`);
  }
}
