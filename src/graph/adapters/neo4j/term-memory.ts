import { BoundedMemory } from '../../indexing/bounded-memory.ts';
import { packTerms } from '../../indexing/packed-terms.ts';
import type { PassageTerms } from './passage-terms.ts';

/** Integers of packed stems, of all workspaces together. */
const INTEGERS = 4_000_000;
/** Stems that are told apart. */
const STEMS = 500_000;

/**
 * The stems of passages as integers, by which they are counted many times faster than as strings. What a chunk says never changes and
 * its key is never given again, so what was unpacked once is true for good; whether the chunk is still visible, the store tells.
 */
export class TermMemory {
  readonly #numbers = new Map<string, number>();
  readonly #passages = new BoundedMemory<string, Int32Array>(INTEGERS, (terms) => terms.length + 16);

  /** The integer of a stem, from 1. */
  numberOf(stem: string): number {
    const known = this.#numbers.get(stem);
    if (known !== undefined) return known;
    const number = this.#numbers.size + 1;
    this.#numbers.set(stem, number);
    return number;
  }

  /** The packed stems of a passage, if it was packed lately. */
  known(workspace: string, key: number): Int32Array | undefined {
    return this.#passages.get(idOf(workspace, key));
  }

  /** Stems of the title, then of each sentence, as `scanTerms` reads them. */
  packed(workspace: string, key: number, terms: PassageTerms): Int32Array {
    const id = idOf(workspace, key);
    const known = this.#passages.get(id);
    if (known !== undefined) return known;
    const packed = new Int32Array(packTerms([terms.titleStems, ...terms.bodyStems.split('\n')].map((line) => this.#numbersIn(line))).buffer);
    this.#passages.set(id, packed);
    return packed;
  }

  /** Whether a new memory had better be begun; who has this one goes on with it, because integers must not change meanwhile. */
  get isFull(): boolean {
    return this.#numbers.size > STEMS;
  }

  #numbersIn(line: string): number[] {
    return line === '' ? [] : line.split(' ').map((stem) => this.numberOf(stem));
  }
}

function idOf(workspace: string, key: number): string {
  return `${workspace} ${String(key)}`;
}
