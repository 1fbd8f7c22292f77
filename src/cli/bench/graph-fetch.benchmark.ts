import { Injectable } from '@nestjs/common';
import { GraphError } from '../../graph/graph.errors.ts';
import type { GraphPicture } from '../../graph/graph.types.ts';
import { KnowledgeGraph } from '../../graph/knowledge-graph.port.ts';
import { EvaluationError } from '../evaluation/evaluation.errors.ts';
import { readQuestions } from '../evaluation/question-set.ts';
import { type ThrowAwayIndex, ThrowAwayIndexes } from '../evaluation/throw-away-index.ts';
import { Interruption } from '../interruption.ts';
import { percentilesOf } from '../measure/percentiles.ts';
import type { Benchmark, BenchmarkRequest, BenchmarkRow } from './benchmark.types.ts';
import { graphFetchPlot } from './graph-fetch-plot.ts';
import { applyLoad } from './load.ts';
import { namesInQuestions } from './named-entities.ts';

const DEPTH = 1;
const LIMIT = 50;
/** Each row fetches every neighbourhood so often, and at least so many in all: a hundredth of few is no percentile. */
const ROUNDS = 2;
const LEAST_FETCHES = 1000;

type Fetch = (name: string) => Promise<GraphPicture>;

/** Neighbourhoods of the entities that the questions name, fetched through the port, by one caller and by several at once. */
@Injectable()
export class GraphFetchBenchmark implements Benchmark {
  readonly name = 'graph-fetch';
  readonly defaultConcurrency = [1, 20];
  readonly needsQuestions = true;

  constructor(
    private readonly indexes: ThrowAwayIndexes,
    private readonly interruption: Interruption,
  ) {}

  plot(rows: readonly BenchmarkRow[], subtitle: string): string {
    return graphFetchPlot(rows, subtitle);
  }

  /** @throws EvaluationError when the questions name no entity of the corpus */
  async run({ sets, concurrency, parent }: BenchmarkRequest): Promise<BenchmarkRow[]> {
    const questions: string[] = [];
    for (const set of sets) for (const { question } of await readQuestions(set.questions, set.prefix)) questions.push(question);
    return this.indexes.use({ sets, ...(parent === undefined ? {} : { parent }) }, async (index) => {
      const rows: BenchmarkRow[] = [];
      const { names, fetch } = await this.warmUp(index, questions);
      for (const callers of concurrency) rows.push(await this.measure(names, fetch, callers));
      return rows;
    });
  }

  /** Fetches each neighbourhood once, so that connections, statements and files are as they stay; what is no entity is left out. */
  private async warmUp({ app, workspace }: ThrowAwayIndex, questions: readonly string[]): Promise<{ readonly names: readonly string[]; readonly fetch: Fetch }> {
    const graph = app.get(KnowledgeGraph, { strict: false });
    const fetch: Fetch = (entity) => graph.neighbourhood(workspace, { entity, depth: DEPTH, limit: LIMIT });
    const names: string[] = [];
    for (const name of await namesInQuestions(graph, workspace, questions)) {
      this.interruption.signal.throwIfAborted();
      if (await isEntity(name, fetch)) names.push(name);
    }
    if (names.length > 0) return { names, fetch };
    throw new EvaluationError('The questions name no entity of the corpus.', { remedy: 'Give questions about what the corpus tells of.' });
  }

  private async measure(names: readonly string[], fetch: Fetch, callers: number): Promise<BenchmarkRow> {
    const total = Math.max(ROUNDS * names.length, LEAST_FETCHES);
    let [nodes, edges] = [0, 0];
    const call = async (number: number): Promise<void> => {
      const picture = await fetch(names[number % names.length] ?? '');
      nodes += picture.nodes.length;
      edges += picture.edges.length;
    };
    const { latencies, errors, seconds } = await applyLoad({ callers, call, goOn: (number) => number < total, signal: this.interruption.signal });
    const { p50, p95, p99 } = percentilesOf(latencies);
    const done = Math.max(1, latencies.length);
    return {
      mode: callers === 1 ? 'sequential' : 'concurrent',
      callers,
      entities: names.length,
      fetches: latencies.length,
      errors,
      perSecond: tenths(latencies.length / seconds),
      p50Ms: p50,
      p95Ms: p95,
      p99Ms: p99,
      meanNodes: tenths(nodes / done),
      meanEdges: tenths(edges / done),
    };
  }
}

async function isEntity(name: string, fetch: Fetch): Promise<boolean> {
  try {
    await fetch(name);
    return true;
  } catch (error) {
    if (error instanceof GraphError && error.code === 'entity-not-found') return false;
    throw error;
  }
}

function tenths(value: number): number {
  return Math.round(10 * value) / 10;
}
