import { monitorEventLoopDelay } from 'node:perf_hooks';
import { RetrievalService } from '../../../retrieval/retrieval.service.ts';
import type { RetrievalResult, Timings } from '../../../retrieval/retrieval.types.ts';
import type { Question } from '../../evaluation/question-set.ts';
import { mean, type Measure, percent, valueOf } from '../../evaluation/scores.ts';
import type { ThrowAwayWorkspace } from '../../evaluation/throw-away-index.ts';
import { percentilesOf } from '../../measure/percentiles.ts';
import { stageColumns } from '../../measure/stage-times.ts';
import type { BenchmarkRow } from '../benchmark.types.ts';
import { applyLoad } from '../load.ts';
import { ObservedProcess } from '../observed-process.ts';
import type { CopyQuestion, CorpusCopies } from './corpus-copies.ts';
import { seededRandom } from './seeded-random.ts';

const K = 8;
/** Where recall is measured. */
const AT = 5;
const WARM_UP_CALLS = 100;
const CALLS = 1000;
const SEED = 1;
const RESOLUTION_MS = 10;
const NANOSECONDS = 1e6;

interface Answer {
  readonly question: Question;
  readonly passages: RetrievalResult['passages'];
  readonly timings: Timings;
}

/** Asks questions about copies of a corpus, by one caller and by several, and measures. */
export class CopyQuestioner {
  readonly #index: ThrowAwayWorkspace;
  readonly #copies: CorpusCopies;
  readonly #signal: AbortSignal;

  constructor(index: ThrowAwayWorkspace, copies: CorpusCopies, signal: AbortSignal) {
    this.#index = index;
    this.#copies = copies;
    this.#signal = signal;
  }

  /** @param questions of which each has a copy to be asked about; not empty */
  async measure(questions: readonly CopyQuestion[], callers: number): Promise<BenchmarkRow> {
    // Calls and copies are drawn once a size, so that one caller and several ask the same.
    const random = seededRandom(SEED);
    const calls = Array.from({ length: WARM_UP_CALLS + CALLS }, (_, i) => this.#draw(questions, i, random));
    for (const question of calls.splice(0, WARM_UP_CALLS)) await this.#ask(question);
    return { ...(await this.#alone(calls)), ...(await this.#together(calls, callers)) };
  }

  #draw(questions: readonly CopyQuestion[], number: number, random: () => number): Question {
    const drawn = questions[number % questions.length];
    if (drawn === undefined) throw new RangeError('There is no question to ask.');
    return this.#copies.inCopy(drawn.question, Math.floor(random() * drawn.copies));
  }

  async #alone(calls: readonly Question[]): Promise<BenchmarkRow> {
    const answers: Answer[] = [];
    const load = await applyLoad({ callers: 1, call: async (i) => answers.push(await this.#ask(callAt(calls, i))), goOn: (i) => i < calls.length, signal: this.#signal });
    const { p50, p95, p99 } = percentilesOf(load.latencies);
    return {
      questions: load.latencies.length,
      errors: load.errors,
      recallAt5: shareOf('recall', answers),
      hitAt5: shareOf('hit', answers),
      perSecond: Math.round(load.latencies.length / load.seconds),
      p50Ms: p50,
      p95Ms: p95,
      p99Ms: p99,
      ...stageColumns(answers.map(({ timings }) => timings)),
    };
  }

  async #together(calls: readonly Question[], callers: number): Promise<BenchmarkRow> {
    const idle = ObservedProcess.idle();
    const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    try {
      idle.reset();
      delay.enable();
      const load = await applyLoad({ callers, call: (i) => this.#ask(callAt(calls, i)), goOn: (i) => i < calls.length, signal: this.#signal });
      delay.disable();
      return {
        callers,
        callersErrors: load.errors,
        callersPerSecond: Math.round(load.latencies.length / load.seconds),
        loopP999Ms: Math.round((100 * delay.percentile(99.9)) / NANOSECONDS) / 100,
        idleLoopP999Ms: (await idle.report()).delayMs.p999,
      };
    } finally {
      await idle.stop();
    }
  }

  async #ask(question: Question): Promise<Answer> {
    const { app, workspace } = this.#index;
    const { passages, timings } = await app.get(RetrievalService, { strict: false }).retrieve({ workspace, query: question.question, k: K, signal: this.#signal });
    return { question, passages, timings };
  }
}

function callAt(calls: readonly Question[], i: number): Question {
  const call = calls[i];
  if (call === undefined) throw new RangeError(`There is no call ${String(i)}.`);
  return call;
}

/** A mean share in percent; empty when no question asks for that measure. */
function shareOf(measure: Measure, answers: readonly Answer[]): number | string {
  const values = answers.flatMap((answer) => valueOf(measure, answer, AT) ?? []);
  return values.length === 0 ? '' : percent(mean(values));
}
