import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { contentHash } from '../../common/hash/content-hash.ts';
import { countTokens } from '../../common/text/tokens.ts';
import { INGESTION_CONFIG, type IngestionConfig } from '../../config/ingestion.config.ts';
import { MODELS_CONFIG, type ModelsConfig } from '../../config/models.config.ts';
import { projectRoot } from '../../config/project-root.ts';
import type { Extraction } from '../../graph/graph.types.ts';
import { ChatModel } from '../../models/chat-model.port.ts';
import { ModelError } from '../../models/models.errors.ts';
import type { ChatMessage } from '../../models/models.types.ts';
import { type ExtractionChunk, type ExtractionContext, type ExtractionPace, Extractor } from '../extractor.port.ts';
import { EXTRACTION_SCHEMA, type ModelAnswer, parseModelAnswer } from './extraction/model-answer.ts';
import { extractByRules } from './extraction/rules.ts';

const NOTHING: Extraction = { entities: [], relations: [] };
const REPAIR = 'That was not the JSON object that was asked for. Answer again with exactly that object and nothing else.';
/** Rises when answers are read in another way, so that what was kept of old ones is not taken for new. */
const ANSWER_VERSION = 1;

/** Extracts by a chat model, a few chunks a call. While the model is away, rules stand in. */
@Injectable()
export class ModelExtractor extends Extractor {
  #rules: string | undefined;
  #asked: string | undefined;

  constructor(
    private readonly model: ChatModel,
    @Inject(INGESTION_CONFIG) private readonly ingestion: IngestionConfig,
    @Inject(MODELS_CONFIG) private readonly models: ModelsConfig,
  ) {
    super();
  }

  override get pace(): ExtractionPace {
    const { batchSize, callsAtOnce, workers } = this.ingestion;
    return { chunksPerCall: batchSize, callsAtOnce, workers };
  }

  override get promptTokens(): number {
    return countTokens(this.#prompt()) + countTokens(JSON.stringify(EXTRACTION_SCHEMA));
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

  override journalKeyOf({ title, text }: ExtractionChunk): string {
    const { baseUrl = '', extractionModel = '' } = this.models;
    this.#asked ??= contentHash(baseUrl, extractionModel, this.#prompt(), JSON.stringify(EXTRACTION_SCHEMA), String(ANSWER_VERSION));
    return contentHash(this.#asked, title, text);
  }

  override async extract(chunks: readonly ExtractionChunk[], context: ExtractionContext): Promise<Extraction[]> {
    const out: Extraction[] = [];
    const { chunksPerCall } = this.pace;
    for (let i = 0; i < chunks.length; i += chunksPerCall) out.push(...(await this.#batch(chunks.slice(i, i + chunksPerCall), i, context)));
    return out;
  }

  /** @param from place of the first of the chunks among all */
  async #batch(chunks: readonly ExtractionChunk[], from: number, context: ExtractionContext): Promise<Extraction[]> {
    const found = new Map<number, Extraction>();
    try {
      const answer = await this.#ask(chunks, context);
      await this.#keep(found, answer, { from, count: chunks.length, context });
      for (const [i, chunk] of chunks.entries()) {
        // A chunk that the answer left out is asked again alone, once.
        if (answer !== undefined && !found.has(i) && chunks.length > 1) await this.#keep(found, await this.#ask([chunk], context), { from: from + i, count: 1, context }, i);
      }
    } catch (error) {
      if (!isAway(error)) throw error;
      return this.#standIn(chunks, found, { from, context, error });
    }
    return await this.#complete(chunks, found, { from, context });
  }

  /** Takes what an answer holds, once it is durable. */
  async #keep(
    found: Map<number, Extraction>,
    answer: ModelAnswer | undefined,
    { from, count, context }: { readonly from: number; readonly count: number; readonly context: ExtractionContext },
    shift = 0,
  ): Promise<void> {
    const usable = [...(answer ?? [])].filter(([index]) => index >= 0 && index < count);
    if (usable.length === 0) return;
    await context.keep(new Map(usable.map(([index, extraction]) => [from + index, extraction])));
    for (const [index, extraction] of usable) found.set(shift + index, extraction);
  }

  /** A chunk without a usable answer has nothing, and is not paid for again. */
  async #complete(
    chunks: readonly ExtractionChunk[],
    found: ReadonlyMap<number, Extraction>,
    { from, context }: { readonly from: number; readonly context: ExtractionContext },
  ): Promise<Extraction[]> {
    const missing = [...chunks.keys()].filter((i) => !found.has(i));
    for (const i of missing) context.warn(`"${chunks[i]?.documentExternalId ?? ''}": the model gave no usable extraction for a passage; it has none.`);
    if (missing.length > 0) await context.keep(new Map(missing.map((i) => [from + i, NOTHING])));
    return [...chunks.keys()].map((i) => found.get(i) ?? NOTHING);
  }

  #standIn(
    chunks: readonly ExtractionChunk[],
    found: ReadonlyMap<number, Extraction>,
    { from, context, error }: { readonly from: number; readonly context: ExtractionContext; readonly error: ModelError },
  ): Extraction[] {
    context.warn(`The model is away (${error.message}); rules stood in for it. \`reindex --upgrade\`, or the same ingestion again, asks it for what is missing.`);
    return chunks.map((chunk, i) => {
      const extraction = found.get(i);
      if (extraction !== undefined) return extraction;
      context.standIn(from + i);
      return extractByRules(chunk);
    });
  }

  /** One call, and one more turn if its answer is malformed. */
  async #ask(chunks: readonly ExtractionChunk[], context: ExtractionContext): Promise<ModelAnswer | undefined> {
    const question = JSON.stringify({ chunks: chunks.map(({ title, text }, index) => ({ index, title, text })) });
    const messages: ChatMessage[] = [
      { role: 'system', content: this.#prompt() },
      { role: 'user', content: question },
    ];
    const first = await this.#answer(messages, context);
    const parsed = parseModelAnswer(first);
    if (parsed !== undefined) return parsed;
    const repair: ChatMessage[] = [
      ...messages,
      { role: 'assistant', content: first },
      { role: 'system', content: REPAIR },
      // The last message of the user is always the question alone, as the exchange has it.
      { role: 'user', content: question },
    ];
    return parseModelAnswer(await this.#answer(repair, context));
  }

  async #answer(messages: readonly ChatMessage[], context: ExtractionContext): Promise<string> {
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

/** Whether the model may answer later: what it refuses for good is no reason to do with less. */
function isAway(error: unknown): error is ModelError {
  return error instanceof ModelError && error.retryable;
}
