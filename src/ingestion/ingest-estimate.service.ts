import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../common/clock/clock.port.ts';
import { MODELS_CONFIG, type ModelsConfig } from '../config/models.config.ts';
import { shownUsage, UsageLedger } from '../models/ledger/usage-ledger.service.ts';
import type { UsageView } from '../models/ledger/usage.types.ts';
import type { IngestEstimate, IngestRequest } from './ingestion.types.ts';
import { type ChunkCensus, ChunkCounter } from './pipeline/chunk-counter.ts';
import { ExtractorChoice } from './pipeline/extractor-choice.ts';
import { IngestRun } from './pipeline/ingest-run.ts';

/** Until calls have shown it: seconds of a call, and tokens of an answer for each of the prompt. */
const FIRST_CALL_SECONDS = 5;
const FIRST_ANSWER_SHARE = 0.5;
/** What reading, indexing and writing of a chunk takes beside the calls, on two slow cores. */
const SECONDS_PER_CHUNK = 0.004;

/** Says what an ingestion would do and cost, without doing it. */
@Injectable()
export class IngestEstimator {
  constructor(
    private readonly extractors: ExtractorChoice,
    private readonly counter: ChunkCounter,
    private readonly ledger: UsageLedger,
    @Inject(MODELS_CONFIG) private readonly models: ModelsConfig,
    private readonly clock: Clock,
  ) {}

  /**
   * Reads and cuts the sources, writes nothing and calls no model. Vectors that a cache may hold are counted as calls all the same.
   * @throws as `IngestionService.ingest`
   */
  async estimate(request: IngestRequest): Promise<IngestEstimate> {
    const warnings: string[] = [];
    const extractor = await this.extractors.of(request, (message) => warnings.push(message));
    const run = new IngestRun(request, extractor, this.clock);
    const census = await this.counter.count(run, request.sources);
    const before = shownUsage(await this.ledger.of(request.workspace));
    const extraction = this.#extraction(census, run, before.find(({ operation }) => operation === 'extract'));
    const embedding = this.#embedding(census);
    const calls = { extract: extraction.calls, embed: embedding.calls };
    return {
      documents: census.documents,
      chunks: census.chunks,
      newChunks: census.newChunks,
      calls: { ...calls, total: calls.extract + calls.embed },
      promptTokens: extraction.promptTokens,
      completionTokens: extraction.completionTokens,
      embeddingTokens: embedding.tokens,
      costUsd: extraction.costUsd + embedding.costUsd,
      seconds: Math.round((Math.max(extraction.seconds, census.chunks * SECONDS_PER_CHUNK) + SECONDS_PER_CHUNK * Math.min(census.chunks, 250)) * 10) / 10,
      measured: extraction.measured,
      failed: census.failed,
      warnings: [...warnings, ...run.reporter.result(0).warnings],
    };
  }

  #extraction(
    { chunksToAsk, tokensToAsk }: ChunkCensus,
    run: IngestRun,
    before: UsageView | undefined,
  ): { calls: number; promptTokens: number; completionTokens: number; costUsd: number; seconds: number; measured: boolean } {
    const { chunksPerCall, callsAtOnce } = run.extractor.pace;
    const calls = Math.ceil(chunksToAsk / chunksPerCall);
    const known = before !== undefined && before.calls > 0 ? before : undefined;
    const share = known === undefined ? FIRST_ANSWER_SHARE : known.completionTokens / Math.max(1, known.promptTokens);
    const promptTokens = tokensToAsk + calls * run.extractor.promptTokens;
    const completionTokens = Math.round(promptTokens * share);
    const callSeconds = known === undefined ? FIRST_CALL_SECONDS : known.latencyMs.p50 / 1000;
    const costUsd = this.ledger.costOf({ promptTokens, completionTokens }, this.models.extractionModel ?? '');
    return { calls, promptTokens, completionTokens, costUsd, seconds: Math.ceil(calls / callsAtOnce) * callSeconds, measured: known !== undefined };
  }

  #embedding({ embeddingCalls: calls, embeddingTokens: tokens }: ChunkCensus): { calls: number; tokens: number; costUsd: number } {
    const usage = { promptTokens: tokens, completionTokens: 0 };
    return { calls, tokens, costUsd: this.ledger.costOf(usage, this.models.embeddingModel ?? '') };
  }
}
