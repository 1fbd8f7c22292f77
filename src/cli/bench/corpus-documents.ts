import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { EvaluationSet } from '../evaluation/corpus.ts';
import { EvaluationError } from '../evaluation/evaluation.errors.ts';
import { findSources } from '../sources/find-sources.ts';

/** A document of a corpus, as text. */
export interface CorpusDocument {
  readonly id: string;
  readonly text: string;
  /** Only of a record; a file has none but its name. */
  readonly title?: string;
}

const recordSchema = z.object({
  id: z.union([z.string().min(1), z.number().transform(String)]),
  title: z.string().nullish(),
  text: z.string(),
});

/**
 * The documents of sets' corpora in order, named as an evaluation of the sets names them.
 * @throws EvaluationError for a corpus that is not there, and for a line of JSONL that is no record
 */
export async function* corpusDocuments(sets: readonly EvaluationSet[]): AsyncGenerator<CorpusDocument> {
  const questionFiles = new Set(sets.map((set) => resolve(set.questions)));
  for (const { corpus, prefix } of sets) {
    for await (const { path, root } of findSources(corpus)) {
      if (/\.jsonl$/i.test(path)) {
        if (path === resolve(corpus) || !questionFiles.has(path)) yield* records(path, prefix);
      } else {
        yield { id: prefix + relative(root, path).split(sep).join('/'), text: await textOf(path) };
      }
    }
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

async function* records(path: string, prefix: string): AsyncGenerator<CorpusDocument> {
  let number = 0;
  for await (const line of linesOf(path)) {
    number += 1;
    if (line.trim() === '') continue;
    const { id, title, text } = parseRecord(line, `${path}:${String(number)}`);
    yield { id: prefix + id, title: title ?? '', text };
  }
}

async function* linesOf(path: string): AsyncGenerator<string> {
  try {
    yield* createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function parseRecord(line: string, place: string): z.infer<typeof recordSchema> {
  try {
    return recordSchema.parse(JSON.parse(line.replace(/^\uFEFF/, '')));
  } catch (cause) {
    throw new EvaluationError(`${place} is no record.`, { remedy: 'A line is {"id", "title", "text"}.', cause });
  }
}

function unreadable(path: string, cause: unknown): EvaluationError {
  return new EvaluationError(`${path} cannot be read.`, { remedy: 'Give a JSONL file of {id, title, text}, or a folder of documents.', cause });
}
