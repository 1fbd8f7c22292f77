import { open } from 'node:fs/promises';
import { z } from 'zod';
import type { EvaluationError } from './evaluation.errors.ts';

/** How the faults of a file are told. */
export type LineFault = (message: string, cause?: unknown) => EvaluationError;

/** A value of a JSONL file, and where it stands. */
export interface JsonLine {
  readonly value: unknown;
  /** File and number of the line, for messages. */
  readonly place: string;
}

/**
 * The values of a JSONL file, past empty lines and a byte order mark.
 * @throws what `fault` makes of a file that cannot be read, and of a line that is no JSON
 */
export async function* jsonLines(file: string, fault: LineFault): AsyncGenerator<JsonLine> {
  let number = 0;
  for await (const line of linesOf(file, fault)) {
    number += 1;
    if (line.trim() === '') continue;
    const place = `${file}:${String(number)}`;
    yield { value: parse(line, place, fault), place };
  }
}

async function* linesOf(file: string, fault: LineFault): AsyncGenerator<string> {
  try {
    const handle = await open(file);
    yield* handle.readLines();
  } catch (cause) {
    throw fault(`${file} cannot be read.`, cause);
  }
}

function parse(line: string, place: string, fault: LineFault): unknown {
  try {
    return JSON.parse(line.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw fault(`${place} is no JSON.`, cause);
  }
}

/** What is wrong with a value, for a message. */
export function describeIssues(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'the line'}: ${issue.message}`).join('; ');
}

/** First and last line, both included, counted from 1. */
export const lineRange = z
  .tuple([z.int().min(1), z.int().min(1)])
  .refine(([first, last]) => first <= last, 'a range of lines is [first, last], and first is not after last');

/** The id of a question: a text, or a number that stands for one. */
export const questionId = z.union([z.string().trim().min(1), z.number().transform(String)]);
