import { open } from 'node:fs/promises';
import { z } from 'zod';
import { EvaluationError } from './evaluation.errors.ts';

/** First and last line, both included, counted from 1. */
export type LineRange = readonly [number, number];

/** A question with the documents that answer it: recall is measured. */
export interface DocumentQuestion {
  readonly kind: 'documents';
  readonly id: string;
  readonly question: string;
  /** External ids, without repetition. */
  readonly gold: readonly string[];
}

/** A question with the lines of a document that answer it: hits are measured. */
export interface LineQuestion {
  readonly kind: 'lines';
  readonly id: string;
  readonly question: string;
  readonly document: string;
  readonly goldLines: readonly LineRange[];
}

export type Question = DocumentQuestion | LineQuestion;

const text = z.string().trim().min(1);
const range = z
  .tuple([z.int().min(1), z.int().min(1)])
  .refine(([first, last]) => first <= last, 'a range of lines is [first, last], and first is not after last');
const identity = { id: z.union([text, z.number().transform(String)]), question: text };
const byDocuments = z
  .object({ ...identity, gold: z.array(text).min(1) })
  .transform((line): Question => ({ kind: 'documents', id: line.id, question: line.question, gold: [...new Set(line.gold)] }));
const byLines = z
  .object({ ...identity, document: text, gold_lines: z.array(range).min(1) })
  .transform(
    (line): Question => ({ kind: 'lines', id: line.id, question: line.question, document: line.document, goldLines: line.gold_lines }),
  );

/**
 * The questions of a JSONL file, in order, at most `limit`. Each has `gold` (external ids), or `document` and `gold_lines`. Ids of
 * documents get the prefix.
 * @throws EvaluationError for a file that cannot be read, has no question, or has a malformed line, which is named by its number
 */
export async function readQuestions(file: string, prefix: string, limit = Number.POSITIVE_INFINITY): Promise<Question[]> {
  const questions: Question[] = [];
  let number = 0;
  for await (const line of linesOf(file)) {
    number += 1;
    if (line.trim() === '') continue;
    if (questions.length >= limit) break;
    questions.push(withPrefix(parseQuestion(line, `${file}:${String(number)}`), prefix));
  }
  if (questions.length === 0) throw EvaluationError.noQuestion(`${file} holds no question.`);
  return questions;
}

async function* linesOf(file: string): AsyncGenerator<string> {
  try {
    const handle = await open(file);
    yield* handle.readLines();
  } catch (cause) {
    throw new EvaluationError(`${file} cannot be read.`, { remedy: 'Give a JSONL file of questions.', cause });
  }
}

function parseQuestion(line: string, place: string): Question {
  const value = parseJson(line, place);
  const isLines = typeof value === 'object' && value !== null && 'gold_lines' in value;
  const result = (isLines ? byLines : byDocuments).safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `${issue.path.join('.') || 'the line'}: ${issue.message}`);
  throw EvaluationError.noQuestion(`${place} is no question: ${faults.join('; ')}.`);
}

function parseJson(line: string, place: string): unknown {
  try {
    return JSON.parse(line.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw EvaluationError.noQuestion(`${place} is no JSON.`, cause);
  }
}

function withPrefix(question: Question, prefix: string): Question {
  if (question.kind === 'lines') return { ...question, document: prefix + question.document };
  return { ...question, gold: question.gold.map((id) => prefix + id) };
}
