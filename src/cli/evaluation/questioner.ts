import type { INestApplicationContext } from '@nestjs/common';
import type { Workspace } from '../../graph/graph.types.ts';
import { PassageIndex } from '../../graph/passage-index.port.ts';
import { RetrievalService } from '../../retrieval/retrieval.service.ts';
import type { RetrievalRequest, RetrievalResult, Timings } from '../../retrieval/retrieval.types.ts';
import { ProgressBar } from '../output/progress-bar.ts';
import type { Terminal } from '../output/terminal.ts';
import type { SetQuestion } from './evaluation.types.ts';
import type { FoundPassage } from './scores.ts';

/** How questions are asked. */
export interface Asking {
  /** Passages wanted of each. */
  readonly k: number;
  /** Questions asked before time is taken, so that files, statements and code are warm. */
  readonly warmUp: number;
}

/** What was found for one question, and how long it took. */
export interface Answered extends SetQuestion {
  readonly passages: readonly FoundPassage[];
  /** What the text index alone would have found. */
  readonly lexical: readonly FoundPassage[];
  readonly latencyMs: number;
  readonly timings: Timings;
}

/** Asks the questions of an evaluation, one at a time. */
export class Questioner {
  readonly #app: INestApplicationContext;
  readonly #workspace: Workspace;
  readonly #terminal: Terminal;
  readonly #signal: AbortSignal;

  constructor(index: { readonly app: INestApplicationContext; readonly workspace: Workspace }, terminal: Terminal, signal: AbortSignal) {
    this.#app = index.app;
    this.#workspace = index.workspace;
    this.#terminal = terminal;
    this.#signal = signal;
  }

  /** The k best passages for each question, in order; what could not be used meanwhile is noted on the terminal, once. */
  async ask(questions: readonly SetQuestion[], { k, warmUp }: Asking): Promise<Answered[]> {
    const warnings = new Set<string>();
    const bar = new ProgressBar(this.#terminal);
    const first = questions.slice(0, warmUp);
    const progress = (done: number, current: string): void => { bar.update({ done, total: first.length + questions.length, unit: 'questions', current }); };
    try {
      for (const [i, { question }] of first.entries()) {
        progress(i, 'warming up');
        await this.#retrieve(question.question, k);
      }
      const answered: Answered[] = [];
      for (const [i, each] of questions.entries()) {
        progress(first.length + i, each.question.question);
        answered.push(await this.#one(each, k, warnings));
      }
      return answered;
    } finally {
      bar.stop();
      for (const warning of warnings) this.#terminal.note(warning);
    }
  }

  async #one(asked: SetQuestion, k: number, warnings: Set<string>): Promise<Answered> {
    const start = performance.now();
    const result = await this.#retrieve(asked.question.question, k);
    const latencyMs = performance.now() - start;
    for (const warning of result.warnings) warnings.add(warning);
    const textAlone = await this.#app.get(RetrievalService, { strict: false }).textAlone(this.#request(asked.question.question, k));
    const lexical = await this.#app.get(PassageIndex, { strict: false }).passages(this.#workspace, textAlone);
    return { ...asked, passages: result.passages.map(toFound), lexical: lexical.map(toFound), latencyMs, timings: result.timings };
  }

  #retrieve(query: string, k: number): Promise<RetrievalResult> {
    this.#signal.throwIfAborted();
    return this.#app.get(RetrievalService, { strict: false }).retrieve(this.#request(query, k));
  }

  #request(query: string, k: number): RetrievalRequest {
    return { workspace: this.#workspace, query, k, signal: this.#signal };
  }
}

function toFound({ externalId, lines }: FoundPassage): FoundPassage {
  return lines === undefined ? { externalId } : { externalId, lines };
}
