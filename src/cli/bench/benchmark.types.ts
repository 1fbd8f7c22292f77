import type { EvaluationSet } from '../evaluation/corpus.ts';

/** What to measure with. */
export interface BenchmarkRequest {
  readonly sets: readonly EvaluationSet[];
  /** Callers at once; each is a row of its own. */
  readonly concurrency: readonly number[];
  /** How long a load is kept up, where the benchmark is a load. */
  readonly seconds: number;
  /** Passages at which a growing index is measured, rising, where the benchmark is one. */
  readonly sizes: readonly number[];
  /** Where throw-away data folders are made. */
  readonly parent?: string;
}

/** One row of figures; the same columns in every row of a benchmark. Units stand in the names. */
export type BenchmarkRow = Readonly<Record<string, string | number>>;

/** Something that is measured. */
export interface Benchmark {
  readonly name: string;
  /** Callers at once when none are asked for. */
  readonly defaultConcurrency: readonly number[];
  /** Whether it asks the sets' questions. */
  readonly needsQuestions: boolean;
  run(request: BenchmarkRequest): Promise<BenchmarkRow[]>;
  /** Draws the rows as SVG, where a picture tells more. */
  plot?(rows: readonly BenchmarkRow[], subtitle: string): string;
}
