import type { Clock } from '../common/clock/clock.port.ts';
import { type ModelUsage, sumOfUsage } from '../models/models.types.ts';
import { type RetrievalResult, type Timings, toldWarnings } from '../retrieval/retrieval.types.ts';
import type { AnswerPart } from './answerer.port.ts';
import type { AnswerMode, ChatAnswer, ChatEvent, Citation } from './chat.types.ts';

/** Gathers an answer while it comes, and how long its stages took. */
export class AnswerRecord {
  readonly #started: number;
  readonly #citations: Citation[] = [];
  #text = '';
  #mode: AnswerMode = 'extractive';
  #usage: ModelUsage = sumOfUsage([]);
  #stages: Timings = { total: 0, counts: {} };
  #warnings: readonly string[] = [];
  #retrievedAt: number;
  #firstAt: number | undefined;
  #endedAt: number | undefined;

  constructor(private readonly clock: Clock) {
    this.#started = clock.monotonic();
    this.#retrievedAt = this.#started;
  }

  /** Takes over the retrieval's stages, of which its own total becomes the stage `retrieval`, its usage and its warnings. */
  retrieved({ timings, usage, warnings }: Pick<RetrievalResult, 'timings' | 'usage' | 'warnings'>): void {
    this.#retrievedAt = this.clock.monotonic();
    this.#stages = timings;
    this.#usage = usage;
    this.#warnings = warnings;
  }

  /** The event that tells a part, if it is one to tell. */
  take(part: AnswerPart): ChatEvent | undefined {
    if (part.kind === 'end') {
      this.#endedAt = this.clock.monotonic();
      this.#mode = part.mode;
      this.#usage = sumOfUsage([this.#usage, part.usage]);
      return undefined;
    }
    if (part.kind === 'citation') {
      this.#citations.push(part.citation);
      return { event: 'citation', data: part.citation };
    }
    this.#firstAt ??= this.clock.monotonic();
    this.#text += part.text;
    return { event: 'token', data: { text: part.text } };
  }

  whole(sessionId: string): ChatAnswer {
    return {
      answer: this.#text.trim(),
      mode: this.#mode,
      citations: this.#citations,
      sessionId,
      usage: this.#usage,
      timings: this.#allTimings(),
      ...toldWarnings(this.#warnings),
    };
  }

  #allTimings(): Timings {
    const ended = this.#endedAt ?? this.clock.monotonic();
    const { counts, ...stages } = this.#stages;
    return {
      ...stages,
      retrieval: toTenths(this.#retrievedAt - this.#started),
      firstToken: toTenths((this.#firstAt ?? ended) - this.#started),
      answer: toTenths(ended - this.#retrievedAt),
      total: toTenths(ended - this.#started),
      counts,
    };
  }
}

function toTenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
