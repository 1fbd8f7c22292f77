import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Injectable } from '@nestjs/common';
import { RetrievalService } from '../../retrieval/retrieval.service.ts';
import type { RetrievalResult, Timings } from '../../retrieval/retrieval.types.ts';
import { readQuestions } from '../evaluation/question-set.ts';
import { type ThrowAwayIndex, ThrowAwayIndexes } from '../evaluation/throw-away-index.ts';
import { Interruption } from '../interruption.ts';
import { percentilesOf } from '../measure/percentiles.ts';
import { stageColumns } from '../measure/stage-times.ts';
import type { Benchmark, BenchmarkRequest, BenchmarkRow } from './benchmark.types.ts';
import { applyLoad } from './load.ts';
import { ObservedProcess } from './observed-process.ts';

const K = 8;
const RESOLUTION_MS = 10;
const NANOSECONDS = 1e6;

type Ask = (number: number) => Promise<RetrievalResult>;

/** Whole retrievals on a warm index inside this process, by one caller and by several at once. */
@Injectable()
export class RetrieveBenchmark implements Benchmark {
  readonly name = 'retrieve';
  readonly defaultConcurrency = [1, 16];
  readonly needsQuestions = true;

  constructor(
    private readonly indexes: ThrowAwayIndexes,
    private readonly interruption: Interruption,
  ) {}

  async run({ sets, concurrency, parent }: BenchmarkRequest): Promise<BenchmarkRow[]> {
    const questions: string[] = [];
    for (const set of sets) for (const { question } of await readQuestions(set.questions, set.prefix)) questions.push(question);
    return this.indexes.use({ sets, ...(parent === undefined ? {} : { parent }) }, async (index) => {
      const ask: Ask = (number) => this.ask(index, questions[number % questions.length] ?? '');
      // Warm: every question once, so that files, statements and compiled code are as they stay.
      for (let number = 0; number < questions.length; number += 1) await ask(number);
      const rows: BenchmarkRow[] = [];
      for (const callers of concurrency) rows.push(await this.measure(ask, questions.length, callers));
      return rows;
    });
  }

  private async measure(ask: Ask, questions: number, callers: number): Promise<BenchmarkRow> {
    const idle = ObservedProcess.idle();
    const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    try {
      idle.reset();
      delay.enable();
      const total = questions * 2;
      const timings: Timings[] = [];
      const load = await applyLoad({ callers, call: async (number) => timings.push((await ask(number)).timings), goOn: (number) => number < total, signal: this.interruption.signal });
      delay.disable();
      const { p50, p95, p99 } = percentilesOf(load.latencies);
      return {
        callers,
        questions: load.latencies.length,
        errors: load.errors,
        perSecond: Math.round(load.latencies.length / load.seconds),
        p50Ms: p50,
        p95Ms: p95,
        p99Ms: p99,
        loopP999Ms: Math.round((100 * delay.percentile(99.9)) / NANOSECONDS) / 100,
        idleLoopP999Ms: (await idle.report()).delayMs.p999,
        ...stageColumns(timings),
      };
    } finally {
      await idle.stop();
    }
  }

  private ask({ app, workspace }: ThrowAwayIndex, query: string): Promise<RetrievalResult> {
    return app.get(RetrievalService, { strict: false }).retrieve({ workspace, query, k: K, signal: this.interruption.signal });
  }
}
