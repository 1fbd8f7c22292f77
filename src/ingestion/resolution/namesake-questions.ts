import { type Bearer, type Bearers, disagree, isKnown } from './namesakes.ts';

/** A bearer of a name and somebody it may be. */
export interface NamesakeQuestion {
  readonly first: Bearer;
  readonly second: Bearer;
}

interface Pending {
  readonly bearer: Bearer;
  /** Who it is if nobody answers; left out, it stays open. */
  readonly home?: number;
  /** Which of the persons is asked about next. */
  readonly candidate: number;
}

/** The bearers of one name while a model is asked about them, each about one candidate a round. */
export class NameInQuestion {
  readonly name: string;
  readonly #persons: Bearer[][];
  readonly #open: Bearer[] = [];
  #pending: readonly Pending[];

  constructor(name: string, { persons, open }: Bearers) {
    this.name = name;
    const first = open.find(isKnown) ?? open[0];
    const others = open.filter((bearer) => bearer !== first);
    const isUntold = persons.length === 0;
    this.#persons = isUntold && first !== undefined ? [[first]] : persons.map((person) => person.slice(0, 1));
    const unsure = persons.flatMap((person, home) => person.slice(1).map((bearer): Pending => ({ bearer, home, candidate: home })));
    const untold = isUntold ? others.map((bearer): Pending => ({ bearer, home: 0, candidate: 0 })) : open.map((bearer): Pending => ({ bearer, candidate: 0 }));
    this.#pending = [...unsure, ...untold];
  }

  /** What is to be asked in this round. Bearers of whom too little is known to ask stay as rules left them. */
  questions(): NamesakeQuestion[] {
    const asked: Pending[] = [];
    const questions: NamesakeQuestion[] = [];
    for (const pending of this.#pending) {
      const second = this.#persons[pending.candidate]?.[0];
      if (second === undefined || !disagree(pending.bearer, second)) this.#settle(pending);
      else {
        asked.push(pending);
        questions.push({ first: pending.bearer, second });
      }
    }
    this.#pending = asked;
    return questions;
  }

  /** Takes the answers to the questions of this round, by place; nothing where none came. */
  take(same: readonly (boolean | undefined)[]): void {
    const next: Pending[] = [];
    for (const [i, pending] of this.#pending.entries()) {
      const candidate = pending.candidate + 1;
      if (same[i] === true) this.#persons[pending.candidate]?.push(pending.bearer);
      else if (same[i] === undefined) this.#settle(pending);
      else if (candidate < this.#persons.length) next.push({ ...pending, candidate });
      else this.#persons.push([pending.bearer]);
    }
    this.#pending = next;
  }

  get result(): Bearers {
    return { persons: this.#persons, open: this.#open };
  }

  #settle({ bearer, home }: Pending): void {
    if (home === undefined) this.#open.push(bearer);
    else this.#persons[home]?.push(bearer);
  }
}

/** Names beside a bearer that the model is told. */
const BESIDE = 12;

/** What the model is asked; it depends on what documents say, not on their order. */
export function asQuestion(name: string, { first, second }: NamesakeQuestion): Readonly<Record<string, unknown>> {
  return { first: told(name, first), second: told(name, second) };
}

function told(name: string, { beside, life, documents }: Bearer): Readonly<Record<string, unknown>> {
  const { births, deaths, places } = life;
  const said = documents.map((document) => document.said).sort()[0] ?? '';
  return { name, beside: [...beside].sort().slice(0, BESIDE), born: [...births].sort(), died: [...deaths].sort(), of: [...places].sort(), said };
}
