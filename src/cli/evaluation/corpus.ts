import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import type { Source } from '../../ingestion/ingestion.types.ts';
import { findSources } from '../sources/find-sources.ts';
import { UsageError } from '../usage.errors.ts';
import { EvaluationError } from './evaluation.errors.ts';

/** A corpus with its questions and, perhaps, what someone else extracted from it. */
export interface EvaluationSet {
  readonly corpus: string;
  readonly questions: string;
  readonly extractions?: string;
  /** Put before the external ids when several sets are pooled; else empty. */
  readonly prefix: string;
}

/**
 * Pairs what was given in order. Several sets get their name as prefix: the corpus folder's, or that of the folder a corpus file
 * stands in; of two alike the later ones are numbered.
 * @throws UsageError when they do not pair
 */
export function pairSets(corpora: readonly string[], questions: readonly string[], extractions: readonly string[]): EvaluationSet[] {
  if (corpora.length === 0 || corpora.length !== questions.length) throw new UsageError('Each --corpus needs its --questions, in the same order.');
  if (extractions.length > 0 && extractions.length !== corpora.length) {
    throw new UsageError('Give --extractions once for each --corpus, in the same order (`-` for a set without), or not at all.');
  }
  const names = uniqueNames(corpora);
  return corpora.map((corpus, index) => ({
    corpus,
    questions: questions[index] ?? '',
    prefix: corpora.length === 1 ? '' : `${names[index] ?? ''}/`,
    ...(extractions[index] === undefined || extractions[index] === '-' ? {} : { extractions: extractions[index] }),
  }));
}

function uniqueNames(corpora: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return corpora.map((corpus) => {
    const path = resolve(corpus);
    const name = basename(/\.jsonl$/i.test(path) ? dirname(path) : path);
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}-${String(count)}`;
  });
}

/**
 * The documents of a set's corpus, without any of the files in `questionFiles`.
 * @throws EvaluationError when there is no such corpus
 */
export async function* corpusSources(set: EvaluationSet, questionFiles: ReadonlySet<string>): AsyncGenerator<Source> {
  const root = resolve(set.corpus);
  const isFile = await isRegularFile(root);
  if (isFile && set.prefix !== '') {
    yield { kind: 'stream', name: `${set.prefix}${basename(root)}`, contentType: 'application/x-ndjson', open: () => prefixedLines(root, 'id', set.prefix) };
    return;
  }
  for await (const source of findSources(root)) {
    if (!isFile && questionFiles.has(source.path)) continue;
    yield set.prefix === '' ? source : { ...source, externalId: set.prefix + relative(root, source.path).split(sep).join('/') };
  }
}

async function isRegularFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (cause) {
    throw new EvaluationError(`There is no corpus ${path}.`, { remedy: 'Give a JSONL file of {id, title, text}, or a folder of documents.', cause });
  }
}

/** A JSONL file with `prefix` put before one field of each record. Lines that are no such record pass unchanged. */
export async function* prefixedLines(file: string, field: string, prefix: string): AsyncGenerator<Uint8Array> {
  const handle = await open(file);
  for await (const line of handle.readLines()) yield Buffer.from(`${prefixLine(line, field, prefix)}\n`);
}

function prefixLine(line: string, field: string, prefix: string): string {
  try {
    const record = JSON.parse(line) as Record<string, unknown> | null;
    const id = record?.[field];
    return typeof id === 'string' || typeof id === 'number' ? JSON.stringify({ ...record, [field]: `${prefix}${String(id)}` }) : line;
  } catch {
    return line;
  }
}

/** What was extracted for all sets, as one stream; nothing when no set has any. */
export async function* pooledExtractions(sets: readonly EvaluationSet[]): AsyncGenerator<Uint8Array> {
  for (const { extractions, prefix } of sets) {
    if (extractions === undefined) continue;
    if (prefix === '') yield* createReadStream(extractions) as AsyncIterable<Uint8Array>;
    else yield* prefixedLines(extractions, 'passage', prefix);
  }
}
