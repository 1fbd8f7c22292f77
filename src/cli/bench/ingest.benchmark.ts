import { Injectable } from '@nestjs/common';
import { ThrowAwayIndexes } from '../evaluation/throw-away-index.ts';
import type { Benchmark, BenchmarkRequest, BenchmarkRow } from './benchmark.types.ts';

const MEGABYTE = 1_000_000;

/** Indexing of a corpus into a new workspace inside this process. */
@Injectable()
export class IngestBenchmark implements Benchmark {
  readonly name = 'ingest';
  readonly defaultConcurrency = [1];
  readonly needsQuestions = false;

  constructor(private readonly indexes: ThrowAwayIndexes) {}

  run({ sets, parent }: BenchmarkRequest): Promise<BenchmarkRow[]> {
    return this.indexes.use({ sets, ...(parent === undefined ? {} : { parent }) }, ({ report }) => {
      const { totals, seconds, modelCalls } = report;
      const row = {
        documents: totals.added,
        failed: totals.failed,
        passages: totals.chunks,
        seconds: Math.round(100 * seconds) / 100,
        passagesPerSecond: Math.round(totals.chunks / seconds),
        modelCalls,
        peakRssMb: Math.round((process.resourceUsage().maxRSS * 1024) / MEGABYTE),
      };
      return Promise.resolve([row]);
    });
  }
}
