import { Injectable } from '@nestjs/common';
import type { Agent } from 'undici';
import { readQuestions } from '../evaluation/question-set.ts';
import { ThrowAwayIndexes } from '../evaluation/throw-away-index.ts';
import { Interruption } from '../interruption.ts';
import { percentilesOf } from '../measure/percentiles.ts';
import { Terminal } from '../output/terminal.ts';
import type { Benchmark, BenchmarkRequest, BenchmarkRow } from './benchmark.types.ts';
import { applyLoad, type LoadResult } from './load.ts';
import { MeasuredServer, WITHOUT_MODELS } from './measured-server.ts';
import { ObservedProcess, type ProbeAnswer } from './observed-process.ts';

const WARM_UP_SECONDS = 10;
const MEGABYTE = 1_000_000;

/** Where the calls of a load go. */
interface Target {
  readonly server: MeasuredServer;
  readonly workspace: string;
  readonly questions: readonly string[];
}

/** `POST /chat` without a chat model on a server process of its own, over real connections. */
@Injectable()
export class ChatBenchmark implements Benchmark {
  readonly name = 'chat';
  readonly defaultConcurrency = [64];
  readonly needsQuestions = true;

  constructor(
    private readonly indexes: ThrowAwayIndexes,
    private readonly interruption: Interruption,
    private readonly terminal: Terminal,
  ) {}

  async run({ sets, concurrency, seconds, parent }: BenchmarkRequest): Promise<BenchmarkRow[]> {
    const questions: string[] = [];
    for (const set of sets) for (const { question } of await readQuestions(set.questions, set.prefix)) questions.push(question);
    const options = { sets, overrides: WITHOUT_MODELS, ...(parent === undefined ? {} : { parent }) };
    return this.indexes.use(options, async ({ dataDir, workspace }) => {
      const server = await MeasuredServer.start(dataDir, this.interruption.signal);
      try {
        const rows: BenchmarkRow[] = [];
        for (const clients of concurrency) rows.push(await this.measure({ server, workspace: workspace.slug, questions }, clients, seconds));
        return rows;
      } finally {
        await server.process.stop();
      }
    });
  }

  private async measure(target: Target, clients: number, seconds: number): Promise<BenchmarkRow> {
    const idle = ObservedProcess.idle();
    // Loaded with this benchmark only, as no other command needs a client.
    const { Agent } = await import('undici');
    const agent = new Agent({ connections: clients });
    try {
      this.terminal.note(`chat: ${String(clients)} clients, ${String(WARM_UP_SECONDS)} s to warm up, then ${String(seconds)} s measured`);
      await this.load(target, agent, { clients, seconds: WARM_UP_SECONDS });
      idle.reset();
      target.server.process.reset();
      const load = await this.load(target, agent, { clients, seconds });
      const [served, rested] = await Promise.all([target.server.process.report(), idle.report()]);
      return row(clients, load, { served, rested });
    } finally {
      await Promise.all([agent.destroy(), idle.stop()]);
    }
  }

  private load({ server, workspace, questions }: Target, agent: Agent, { clients, seconds }: { readonly clients: number; readonly seconds: number }): Promise<LoadResult> {
    const end = performance.now() + seconds * 1000;
    return applyLoad({
      callers: clients,
      goOn: () => performance.now() < end,
      signal: this.interruption.signal,
      call: (number) => server.chat(agent, { workspace, message: questions[number % questions.length] ?? '' }),
    });
  }
}

function row(clients: number, load: LoadResult, { served, rested }: { readonly served: ProbeAnswer; readonly rested: ProbeAnswer }): BenchmarkRow {
  const { p50, p95, p99 } = percentilesOf(load.latencies);
  return {
    clients,
    seconds: Math.round(load.seconds),
    answers: load.latencies.length,
    errors: load.errors,
    perSecond: Math.round((10 * load.latencies.length) / load.seconds) / 10,
    p50Ms: p50,
    p95Ms: p95,
    p99Ms: p99,
    loopP999Ms: served.delayMs.p999,
    idleLoopP999Ms: rested.delayMs.p999,
    loopMaxMs: served.delayMs.max,
    rssMb: Math.round(served.rssBytes / MEGABYTE),
    peakRssMb: Math.round(served.peakRssBytes / MEGABYTE),
  };
}
