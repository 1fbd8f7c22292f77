import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { Gate } from '../../common/concurrency/gate.ts';
import { INGESTION_CONFIG, type IngestionConfig } from '../../config/ingestion.config.ts';
import { MODELS_CONFIG, type ModelsConfig } from '../../config/models.config.ts';
import { projectRoot } from '../../config/project-root.ts';
import type { Extraction } from '../../graph/graph.types.ts';
import { ChatModel } from '../../models/chat-model.port.ts';
import { ModelError } from '../../models/models.errors.ts';
import type { ChatMessage } from '../../models/models.types.ts';
import { type ExtractionChunk, type ExtractionContext, Extractor } from '../extractor.port.ts';
import { EXTRACTION_SCHEMA, type ModelAnswer, parseModelAnswer } from './extraction/model-answer.ts';

const NOTHING: Extraction = { entities: [], relations: [] };
const REPAIR = 'That was not the JSON object that was asked for. Answer again with exactly that object and nothing else.';

/** Extracts by a chat model: a few chunks a call, several calls at once. */
@Injectable()
export class ModelExtractor extends Extractor {
  readonly #gate: Gate;
  #rules: string | undefined;

  constructor(
    private readonly model: ChatModel,
    @Inject(INGESTION_CONFIG) private readonly ingestion: IngestionConfig,
    @Inject(MODELS_CONFIG) private readonly models: ModelsConfig,
  ) {
    super();
    this.#gate = new Gate(ingestion.workers);
  }

  /** @throws ModelError `model-not-configured` */
  assertConfigured(): void {
    if (this.model.configured && this.models.extractionModel !== undefined) return;
    throw new ModelError('model-not-configured', 'Extraction by a model was asked for, but no extraction model is set.', {
      remedy: 'Set EXTRACTION_MODEL and OPENAI_API_KEY or OPENAI_BASE_URL, or extract by rules.',
    });
  }

  override kindOf(): string {
    return 'model';
  }

  override async extract(chunks: readonly ExtractionChunk[], context: ExtractionContext): Promise<Extraction[]> {
    const stop = new AbortController();
    const signal = context.signal === undefined ? stop.signal : AbortSignal.any([context.signal, stop.signal]);
    const batches: Promise<Extraction[]>[] = [];
    for (let i = 0; i < chunks.length; i += this.ingestion.batchSize) {
      const batch = chunks.slice(i, i + this.ingestion.batchSize);
      batches.push(this.#gate.run(() => this.#batch(batch, { ...context, signal }), signal));
    }
    try {
      return (await Promise.all(batches)).flat();
    } catch (error) {
      stop.abort(error);
      await Promise.allSettled(batches);
      throw error;
    }
  }

  async #batch(chunks: readonly ExtractionChunk[], context: ExtractionContext): Promise<Extraction[]> {
    const answer = await this.#ask(chunks, context);
    const out: Extraction[] = [];
    for (const [i, chunk] of chunks.entries()) {
      // A chunk that the answer left out is asked again alone, once.
      const found = answer?.get(i) ?? (chunks.length > 1 ? (await this.#ask([chunk], context))?.get(0) : undefined);
      if (found === undefined) context.warn(`"${chunk.documentExternalId}": the model gave no usable extraction for a passage; it has none.`);
      out.push(found ?? NOTHING);
    }
    return out;
  }

  /** One call, and one more turn if its answer is malformed. */
  async #ask(chunks: readonly ExtractionChunk[], context: ExtractionContext): Promise<ModelAnswer | undefined> {
    const question = JSON.stringify({ chunks: chunks.map(({ title, text }, index) => ({ index, title, text })) });
    const messages: ChatMessage[] = [
      { role: 'system', content: this.#prompt() },
      { role: 'user', content: question },
    ];
    const first = await this.#complete(messages, context);
    const parsed = parseModelAnswer(first);
    if (parsed !== undefined) return parsed;
    const repair: ChatMessage[] = [
      ...messages,
      { role: 'assistant', content: first },
      { role: 'system', content: REPAIR },
      // The last message of the user is always the question alone, as the exchange has it.
      { role: 'user', content: question },
    ];
    return parseModelAnswer(await this.#complete(repair, context));
  }

  async #complete(messages: readonly ChatMessage[], context: ExtractionContext): Promise<string> {
    context.countModelCall();
    const { workspaceUid, signal } = context;
    const options = { model: this.models.extractionModel ?? '', temperature: 0, jsonSchema: EXTRACTION_SCHEMA };
    const call = { lane: 'bulk', workspaceUid, operation: 'extract', ...(signal === undefined ? {} : { signal }) } as const;
    return (await this.model.complete(messages, options, call)).text;
  }

  #prompt(): string {
    this.#rules ??= readFileSync(join(projectRoot(), 'config', 'prompts', 'extract.md'), 'utf8').trim();
    return this.#rules;
  }
}
