import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit, Optional } from '@nestjs/common';
import { Clock } from '../common/clock/clock.port.ts';
import { IdSource } from '../common/clock/id-source.port.ts';
import type { PoolFigures } from '../common/pools/pool.types.ts';
import { CACHE_CONFIG, type CacheConfig } from '../config/cache.config.ts';
import { MODELS_CONFIG, type ModelsConfig } from '../config/models.config.ts';
import type { OpenAiUpstream } from './adapters/openai-upstream.ts';
import { CallRecords } from './call-records.ts';
import { CallScheduler } from './call-scheduler.ts';
import { GatewayClient } from './gateway-client.ts';
import type { GatewayCore } from './gateway-core.types.ts';
import { UsageLedger } from './ledger/usage-ledger.service.ts';
import { Admission } from './limits/admission.ts';
import { Circuit } from './limits/circuit.ts';
import { limitStates } from './limits/limit-headers.ts';
import { LocalRateBudget } from './limits/local-rate-budget.ts';
import type { RateBudget } from './limits/rate-budget.port.ts';
import type { ModelClient } from './model-client.port.ts';
import { ModelError } from './models.errors.ts';
import type { GatewayLimits, ModelFigures, ModelHealth } from './models.types.ts';
import { OptionalParts } from './optional-parts.ts';
import { TokenEstimates } from './token-estimates.ts';

/** The one way to model servers: one pool of connections, one scheduler a kind of call with an interactive and a bulk lane. */
@Injectable()
export class ModelGateway implements OnModuleInit, OnApplicationShutdown {
  readonly #logger = new Logger(ModelGateway.name);
  readonly #warn = (message: string): void => {
    this.#logger.warn(message);
  };
  readonly #core: GatewayCore;
  readonly #clients = new Set<ModelClient>();
  #upstream: OpenAiUpstream | undefined;

  constructor(
    @Inject(MODELS_CONFIG) private readonly config: ModelsConfig,
    private readonly clock: Clock,
    private readonly ids: IdSource,
    @Inject(CACHE_CONFIG) private readonly cache: Pick<CacheConfig, 'redisUrl'>,
    @Optional() ledger?: UsageLedger,
  ) {
    const limits = { interactive: config.interactiveConcurrency, bulk: config.bulkConcurrency };
    this.#core = {
      config,
      clock,
      ids,
      schedulers: { chat: new CallScheduler(limits), embedding: new CallScheduler(limits) },
      admission: new Admission(clock, this.#warn),
      circuits: { chat: new Circuit(this.#warn), embedding: new Circuit(this.#warn) },
      estimates: new TokenEstimates(),
      parts: new OptionalParts(),
      records: new CallRecords(),
      ledger,
      upstream: () => this.#opened(),
    };
  }

  /** Whether a model server is configured. */
  get configured(): boolean {
    return this.config.baseUrl !== undefined;
  }

  async onModuleInit(): Promise<void> {
    const { baseUrl } = this.config;
    if (baseUrl === undefined) return;
    // The client and its pool are some 350 modules, which a service without a model server never loads.
    const { OpenAiUpstream } = await import('./adapters/openai-upstream.ts');
    const budget = await this.#budget(baseUrl);
    if (budget !== undefined) this.#core.admission.use(budget);
    this.#upstream = new OpenAiUpstream({ ...this.config, baseUrl }, this.clock, {
      warn: this.#warn,
      headers: (headers) => { this.#core.admission.observe(limitStates(headers)); },
    });
    this.#warnOfWhatStaysLocal();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.#clients].map((client) => client.close()));
    await this.#core.admission.close();
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

  /** What the pool of connections to the model server holds and has done; nothing without a server. */
  poolFigures(): PoolFigures | undefined {
    return this.#upstream?.poolFigures();
  }

  /** How the latest real calls went, one line for each kind that was called. */
  health(): readonly ModelHealth[] {
    return this.#core.records.health();
  }

  /** How calls wait for the limits of the server, and whether it is taken for away. */
  limits(): GatewayLimits {
    const { admission, circuits } = this.#core;
    return { ...admission.figures(), circuits: { chat: circuits.chat.state, embedding: circuits.embedding.state } };
  }

  /** Shared by all replicas where there is a Redis. */
  async #budget(baseUrl: string): Promise<RateBudget | undefined> {
    const { requestsPerMinute, tokensPerMinute, apiKey = '' } = this.config;
    if (requestsPerMinute === undefined && tokensPerMinute === undefined) return undefined;
    const limits = { requestsPerMinute, tokensPerMinute };
    const { redisUrl } = this.cache;
    if (redisUrl === undefined) return new LocalRateBudget(limits, this.clock);
    const { RedisRateBudget } = await import('./limits/redis-rate-budget.ts');
    return await RedisRateBudget.open({ url: redisUrl, account: `${baseUrl} ${apiKey}`, limits, clock: this.clock, ids: this.ids });
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
