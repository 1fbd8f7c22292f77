import { COMMON_WORDS } from '../../../common/text/stop-words.ts';
import { normalForm } from '../../../common/text/words.ts';

/** Names of more passages than this stay shared between copies, so that they grow with the corpus as places and institutions do. */
const MOST_PASSAGES = 59;

/** A word as `words` finds it, in a text that still has its combining marks. */
const WORD = /[\p{L}\p{N}\p{M}]+(?:['’][\p{L}\p{N}\p{M}]+)*/gu;
const CAPITAL = /^\p{Uppercase}/u;
const POSSESSIVE = /['’]s$/iu;
/** What stands before the first word of a sentence, a line or a turn. */
const SENTENCE_END = /(?:^|[.!?:\n]["'”’)\]]*\s*)$/u;

/** How a word occurs in the passages. */
interface Occurrence {
  passages: number;
  capital: number;
  lower: number;
}

interface FoundWord {
  readonly surface: string;
  readonly start: number;
  readonly norm: string;
  readonly capital: boolean;
}

/**
 * Gives the names of a corpus other names, copy by copy, the same in every text. A word is taken for part of a name where it is
 * capitalised, unless it is a common one, or only begins a sentence. So a copy's names are as selective as the original's, while all
 * other words, and names that very many passages have, are shared by all copies.
 */
export class NameRenaming {
  readonly #occurrences = new Map<string, Occurrence>();
  readonly #norms = new Map<string, string>();

  /** Takes a passage of the corpus into account; all passages come before the first renaming. */
  learn(title: string, text: string): void {
    const seen = new Set<string>();
    for (const { norm, capital } of [...this.#wordsOf(title), ...this.#wordsOf(text)]) {
      const occurrence = this.#occurrences.get(norm) ?? { passages: 0, capital: 0, lower: 0 };
      this.#occurrences.set(norm, occurrence);
      if (capital) occurrence.capital += 1;
      else occurrence.lower += 1;
      if (!capital || seen.has(norm)) continue;
      seen.add(norm);
      occurrence.passages += 1;
    }
  }

  /** A title in the names of a copy; copy 0 is the original. */
  title(title: string, copy: number): string {
    return this.#renamed(title, copy, () => false);
  }

  /** A text or a question in the names of a copy; copy 0 is the original. */
  text(text: string, copy: number): string {
    return this.#renamed(text, copy, (word, next) => this.#onlyBeginsSentence(text, word, next));
  }

  #renamed(text: string, copy: number, except: (word: FoundWord, next: FoundWord | undefined) => boolean): string {
    if (copy === 0) return text;
    let out = '';
    let end = 0;
    const list = this.#wordsOf(text);
    for (const [i, word] of list.entries()) {
      if (!this.#isNameWord(word) || except(word, list[i + 1])) continue;
      const stemEnd = word.start + word.surface.replace(POSSESSIVE, '').length;
      // Digits at the end of a word are no suffix that a stemmer takes off.
      out += `${text.slice(end, stemEnd)}${String(copy)}`;
      end = stemEnd;
    }
    return out + text.slice(end);
  }

  #isNameWord({ norm, capital }: FoundWord): boolean {
    // An initial with digits would no longer be one.
    if (!capital || norm.length < 2 || COMMON_WORDS.has(norm)) return false;
    const passages = this.#occurrences.get(norm)?.passages ?? 0;
    return passages > 0 && passages <= MOST_PASSAGES;
  }

  #onlyBeginsSentence(text: string, word: FoundWord, next: FoundWord | undefined): boolean {
    const { capital, lower } = this.#occurrences.get(word.norm) ?? { capital: 0, lower: 0 };
    if (lower <= capital || next?.capital === true) return false;
    return SENTENCE_END.test(text.slice(Math.max(0, word.start - 8), word.start));
  }

  #wordsOf(text: string): FoundWord[] {
    return Array.from(text.matchAll(WORD), ({ 0: surface, index: start }) => ({ surface, start, norm: this.#normOf(surface), capital: CAPITAL.test(surface) }));
  }

  #normOf(surface: string): string {
    const known = this.#norms.get(surface);
    if (known !== undefined) return known;
    const norm = normalForm(surface);
    this.#norms.set(surface, norm);
    return norm;
  }
}
