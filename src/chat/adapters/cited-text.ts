import { sentences } from '../../common/text/sentences.ts';
import { terms } from '../../common/text/terms.ts';
import type { RetrievedPassage } from '../../retrieval/retrieval.types.ts';
import type { AnswerPart } from '../answerer.port.ts';
import { citationOf } from '../citation-of.ts';
import type { Citation } from '../chat.types.ts';
import { candidatesIn, overlap } from '../support.ts';
import { type MarkerPiece, MarkerStream } from './marker-stream.ts';

/** What the question adds to the likeness of a cited sentence; it decides when the answer's words are not the passage's. */
const QUESTION_SHARE = 0.25;

/**
 * Turns a model's text into text and citations. Marker n stands for the nth passage of the prompt; one that stands for none is
 * dropped, with the white space before it. A passage's citation comes when its marker first appears, and quotes the sentence of the
 * passage that is most like the sentence of the answer in which the marker stands.
 */
export class CitedText {
  readonly #passages: readonly RetrievedPassage[];
  readonly #question: ReadonlySet<string>;
  readonly #markers = new MarkerStream();
  readonly #cited = new Set<number>();
  /** The answer so far without its markers. */
  #plain = '';
  /** The white space before markers that were dropped, for a marker that follows at once. */
  #droppedLead = '';

  /** @param passages those of the prompt, in the order of their numbers */
  constructor(passages: readonly RetrievedPassage[], question: string) {
    this.#passages = passages;
    this.#question = new Set(terms(question));
  }

  /** Whether anything was said at all. */
  get empty(): boolean {
    return this.#plain.trim() === '';
  }

  take(text: string): AnswerPart[] {
    return this.#markers.push(text).flatMap((piece) => this.#partsOf(piece));
  }

  end(): AnswerPart[] {
    return this.#markers.end().flatMap((piece) => this.#partsOf(piece));
  }

  #partsOf(piece: MarkerPiece): AnswerPart[] {
    const lead = piece.kind === 'text' ? '' : piece.lead || this.#droppedLead;
    this.#droppedLead = '';
    if (piece.kind === 'text') {
      this.#plain += piece.text;
      return [{ kind: 'text', text: piece.text }];
    }
    const known = [...new Set(piece.numbers)].filter((number) => this.#passages[number - 1] !== undefined);
    if (known.length === 0) this.#droppedLead = lead;
    if (known.length === 0) return [];
    const text = lead + known.map((number) => `[${String(number)}]`).join('');
    return [{ kind: 'text', text }, ...known.flatMap((number) => this.#firstCitation(number))];
  }

  #firstCitation(marker: number): AnswerPart[] {
    const passage = this.#passages[marker - 1];
    if (passage === undefined || this.#cited.has(marker)) return [];
    this.#cited.add(marker);
    return [{ kind: 'citation', citation: this.#citation(marker, passage) }];
  }

  #citation(marker: number, passage: RetrievedPassage): Citation {
    const said = new Set(terms(sentences(this.#plain.slice(-2000)).at(-1)?.text ?? ''));
    const scored = candidatesIn(passage).map(({ sentence, stems }) => ({
      sentence,
      score: shared(stems, said) + QUESTION_SHARE * shared(stems, this.#question),
    }));
    const best = scored.toSorted((a, b) => b.score - a.score)[0]?.sentence;
    return citationOf(marker, passage, best ?? { start: 0, end: passage.text.length });
  }
}

/** Likeness that favours neither very short nor very long sentences. */
function shared(stems: ReadonlySet<string>, wanted: ReadonlySet<string>): number {
  const both = overlap(stems, wanted) * Math.min(stems.size, wanted.size);
  return both === 0 ? 0 : both / Math.sqrt(stems.size * wanted.size);
}
