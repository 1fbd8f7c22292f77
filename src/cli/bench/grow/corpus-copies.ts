import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { EvaluationSet } from '../../evaluation/corpus.ts';
import { EvaluationError } from '../../evaluation/evaluation.errors.ts';
import type { Question } from '../../evaluation/question-set.ts';
import { type CorpusDocument, corpusDocuments } from '../corpus-documents.ts';
import { NameRenaming } from './name-renaming.ts';

/** Names of long documents are counted by pieces of so many lines, as long as passages roughly are. */
const PIECE_LINES = 10;

/** A question, and how many copies it can be asked about. */
export interface CopyQuestion {
  readonly question: Question;
  readonly copies: number;
}

/**
 * A corpus without end: its documents, then the same with other names, and so on. Nothing is held of it but the vocabulary and the
 * ids of one copy; the files are read again for each copy.
 */
export class CorpusCopies {
  readonly #sets: readonly EvaluationSet[];
  readonly #renaming: NameRenaming;
  /** Place of each document within a copy. */
  readonly #places: ReadonlyMap<string, number>;
  readonly #stream: AsyncGenerator<CorpusDocument>;
  #written = 0;

  private constructor(sets: readonly EvaluationSet[], renaming: NameRenaming, places: ReadonlyMap<string, number>) {
    this.#sets = sets;
    this.#renaming = renaming;
    this.#places = places;
    this.#stream = this.#documents();
  }

  /**
   * Reads the corpora once.
   * @throws EvaluationError when they cannot be read or hold no document
   */
  static async of(sets: readonly EvaluationSet[]): Promise<CorpusCopies> {
    const renaming = new NameRenaming();
    const places = new Map<string, number>();
    for await (const { id, title = '', text } of corpusDocuments(sets)) {
      places.set(id, places.size);
      for (const [i, piece] of piecesOf(text).entries()) renaming.learn(i === 0 ? title : '', piece);
    }
    if (places.size === 0) throw new EvaluationError('The corpus holds no document.', { remedy: 'Give a JSONL file of {id, title, text}, or a folder of documents.' });
    return new CorpusCopies(sets, renaming, places);
  }

  /** Documents written so far. */
  get written(): number {
    return this.#written;
  }

  /** Writes the next documents into a folder, records into one file, to be ingested as a folder. */
  async write(folder: string, count: number): Promise<void> {
    await mkdir(folder, { recursive: true });
    const lines: string[] = [];
    for (let i = 0; i < count; i += 1) {
      const next = await this.#stream.next();
      if (next.done === true) break;
      const { id, title, text } = next.value;
      if (title === undefined) await writeDocument(join(folder, id), text);
      else lines.push(`${JSON.stringify({ id, title, text })}\n`);
      this.#written += 1;
    }
    if (lines.length > 0) await writeFile(join(folder, 'records.jsonl'), lines.join(''));
  }

  /** The questions whose gold documents were all written, at least in one copy. */
  answerable(questions: readonly Question[]): CopyQuestion[] {
    return questions.map((question) => ({ question, copies: this.#copiesWith(question) })).filter(({ copies }) => copies > 0);
  }

  /** A question about a copy's documents, in the names of that copy. */
  inCopy(question: Question, copy: number): Question {
    const text = this.#renaming.text(question.question, copy);
    if (question.kind === 'lines') return { ...question, question: text, document: idOf(copy, question.document) };
    return { ...question, question: text, gold: question.gold.map((id) => idOf(copy, id)) };
  }

  #copiesWith(question: Question): number {
    const gold = question.kind === 'lines' ? [question.document] : question.gold;
    const last = Math.max(...gold.map((id) => this.#places.get(id) ?? Number.POSITIVE_INFINITY));
    return last === Number.POSITIVE_INFINITY || last >= this.#written ? 0 : Math.floor((this.#written - 1 - last) / this.#places.size) + 1;
  }

  async *#documents(): AsyncGenerator<CorpusDocument> {
    for (let copy = 0; ; copy += 1) {
      for await (const { id, title, text } of corpusDocuments(this.#sets)) {
        const renamed = { id: idOf(copy, id), text: this.#renaming.text(text, copy) };
        yield title === undefined ? renamed : { ...renamed, title: this.#renaming.title(title, copy) };
      }
    }
  }
}

function idOf(copy: number, id: string): string {
  return `${String(copy)}/${id}`;
}

function piecesOf(text: string): string[] {
  const lines = text.split('\n');
  return Array.from({ length: Math.ceil(lines.length / PIECE_LINES) }, (_, i) => lines.slice(i * PIECE_LINES, (i + 1) * PIECE_LINES).join('\n'));
}

async function writeDocument(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
