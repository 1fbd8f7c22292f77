import type { StageCounts } from '../retrieval.types.ts';

const HUNDREDTHS = 100;

/** Times and counts of the stages of one question. Runs beside the data, where no clock is injected; nothing depends on it but what is reported. */
export class StageTimes {
  readonly counts: Record<string, number> = {};
  readonly #ms: Record<string, number> = {};
  #mark = performance.now();

  /** Ends the stage that began with the end of the one before. */
  end(stage: string, count: number): void {
    const now = performance.now();
    this.#ms[stage] = (this.#ms[stage] ?? 0) + now - this.#mark;
    this.counts[stage] = count;
    this.#mark = now;
  }

  /** Milliseconds by stage, to the hundredth. */
  get ms(): Record<string, number> {
    return Object.fromEntries(Object.entries(this.#ms).map(([stage, ms]) => [stage, Math.round(ms * HUNDREDTHS) / HUNDREDTHS]));
  }

  get all(): { readonly ms: Record<string, number>; readonly counts: StageCounts } {
    return { ms: this.ms, counts: { ...this.counts } };
  }
}
