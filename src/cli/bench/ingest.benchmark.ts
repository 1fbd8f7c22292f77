import { Injectable } from '@nestjs/common';
import { ThrowAwayIndexes } from '../evaluation/throw-away-index.ts';
import { Terminal } from '../output/terminal.ts';
import type { Benchmark, BenchmarkRequest, BenchmarkRow } from './benchmark.types.ts';
import { type MarginalCost, MarginalCosts } from './marginal-cost.ts';

const MEGABYTE = 1_000_000;

/** Indexing of a corpus into a new workspace inside this process, in one go and then a thousand documents at a time. */
@Injectable()
export class IngestBenchmark implements Benchmark {
  readonly name = 'ingest';
  readonly defaultConcurrency = [1];
  readonly needsQuestions = false;

  constructor(
    private readonly indexes: ThrowAwayIndexes,
    private readonly marginal: MarginalCosts,
    private readonly terminal: Terminal,
  ) {}

  async run({ sets, parent }: BenchmarkRequest): Promise<BenchmarkRow[]> {
    const row = await this.indexes.use({ sets, ...(parent === undefined ? {} : { parent }) }, ({ report }) => {
      const { totals, seconds, modelCalls } = report;
      return Promise.resolve({
        documents: totals.added,
        failed: totals.failed,
        passages: totals.chunks,
        seconds: Math.round(100 * seconds) / 100,
        passagesPerSecond: Math.round(totals.chunks / seconds),
        modelCalls,
        peakRssMb: Math.round((process.resourceUsage().maxRSS * 1024) / MEGABYTE),
      });
    });
    const cost = await this.marginal.measure(sets, parent);
    return [{ ...row, ...this.marginalColumns(cost) }];
  }

  private marginalColumns(cost: MarginalCost | undefined): BenchmarkRow {
    if (cost === undefined) {
      this.terminal.note('The cost of the last passages is not measured: that takes 3,000 records or more, and no other documents.');
      return { secondCpuMsPerPassage: '', lastCpuMsPerPassage: '', lastBySecond: '' };
    }
    this.terminal.note(`Processor time a passage by thousand, ms: ${cost.partsCpuMs.map(String).join(', ')} (the part before the last holds what remains).`);
    return { secondCpuMsPerPassage: cost.secondCpuMs, lastCpuMsPerPassage: cost.lastCpuMs, lastBySecond: cost.ratio };
  }
}
