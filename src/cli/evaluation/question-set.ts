import { z } from 'zod';
import { EvaluationError } from './evaluation.errors.ts';
import { describeIssues, jsonLines, lineRange, questionId } from './json-lines.ts';

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
const identity = { id: questionId, question: text };
const byDocuments = z
  .object({ ...identity, gold: z.array(text).min(1) })
  .transform((line): Question => ({ kind: 'documents', id: line.id, question: line.question, gold: [...new Set(line.gold)] }));
const byLines = z
  .object({ ...identity, document: text, gold_lines: z.array(lineRange).min(1) })
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
  for await (const { value, place } of jsonLines(file, (message, cause) => EvaluationError.noQuestion(message, cause))) {
    questions.push(withPrefix(parseQuestion(value, place), prefix));
    if (questions.length >= limit) break;
  }
  if (questions.length === 0) throw EvaluationError.noQuestion(`${file} holds no question.`);
  return questions;
}

function parseQuestion(value: unknown, place: string): Question {
  const isLines = typeof value === 'object' && value !== null && 'gold_lines' in value;
  const result = (isLines ? byLines : byDocuments).safeParse(value);
  if (result.success) return result.data;
  throw EvaluationError.noQuestion(`${place} is no question: ${describeIssues(result.error)}.`);
}

function withPrefix(question: Question, prefix: string): Question {
  if (question.kind === 'lines') return { ...question, document: prefix + question.document };
  return { ...question, gold: question.gold.map((id) => prefix + id) };
}
