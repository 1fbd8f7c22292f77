import { access, constants, open, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { errnoOf } from '../../common/errors/errno-of.ts';
import { EvaluationError } from './evaluation.errors.ts';
import { describeIssues, jsonLines, lineRange, questionId } from './json-lines.ts';
import type { FoundPassage, Ranking } from './scores.ts';

/** The ranking of a question as a file has it. */
export interface StoredRanking {
  readonly id: string;
  readonly passages: readonly FoundPassage[];
}

/** A question that is asked, with the prefix of its set. */
export interface AskedOf {
  readonly question: { readonly id: string };
  readonly prefix: string;
}

/** A file of rankings laid beside the questions that are asked. */
export interface MatchedRun {
  /** For each question asked, in order, its ranking in the file; nothing where the file has none. */
  readonly passages: readonly (readonly FoundPassage[] | undefined)[];
  /** Ids of rankings in the file whose question is not asked. */
  readonly notAsked: readonly string[];
  /** The longest ranking: figures at a larger k are not fair to it. */
  readonly longest: number;
}

const schema = z.object({
  id: questionId,
  passages: z.array(
    z
      .object({ externalId: z.string().min(1), lines: lineRange.optional() })
      .transform(({ externalId, lines }): FoundPassage => (lines === undefined ? { externalId } : { externalId, lines })),
  ),
});

/**
 * The rankings of a file that `--run` wrote, or another program in its shape.
 * @throws EvaluationError for a file that cannot be read, holds none, or has a malformed line, which is named by its number
 */
export async function readRun(file: string): Promise<StoredRanking[]> {
  const rankings: StoredRanking[] = [];
  for await (const { value, place } of jsonLines(file, (message, cause) => EvaluationError.noRanking(message, cause))) {
    const result = schema.safeParse(value);
    if (!result.success) throw EvaluationError.noRanking(`${place} is no ranking: ${describeIssues(result.error)}.`);
    rankings.push(result.data);
  }
  if (rankings.length === 0) throw EvaluationError.noRanking(`${file} holds no ranking.`);
  return rankings;
}

/**
 * Lays rankings beside questions by id; of several alike the first to the first, and so on. A ranking of a set that was evaluated
 * alone, so without prefixes, fits the questions of that set in a pool.
 * @throws EvaluationError when not one fits
 */
export function matchRun(file: string, rankings: readonly StoredRanking[], asked: readonly AskedOf[]): MatchedRun {
  const waiting = Map.groupBy(rankings, ({ id }) => id);
  const prefixes = [...new Set(asked.map(({ prefix }) => prefix))];
  const isPooled = (passage: FoundPassage): boolean => prefixes.some((prefix) => passage.externalId.startsWith(prefix));
  const passages = asked.map(({ question, prefix }) => {
    const found = waiting.get(question.id)?.shift()?.passages;
    return found === undefined || found.some(isPooled) ? found : found.map((passage) => ({ ...passage, externalId: prefix + passage.externalId }));
  });
  if (passages.every((found) => found === undefined)) {
    throw new EvaluationError(`${file} has the ranking of no question that is asked.`, { remedy: 'Compare runs over the same questions; --limit takes the first of them.' });
  }
  const longest = rankings.reduce((most, ranking) => Math.max(most, ranking.passages.length), 0);
  return { passages, notAsked: [...waiting.values()].flat().map(({ id }) => id), longest };
}

/**
 * Makes sure that rankings can be written before work begins whose result they are.
 * @throws EvaluationError when they cannot
 */
export async function requireWritable(file: string): Promise<void> {
  try {
    const handle = await open(file, 'r+').catch(async (error: unknown) => {
      if (errnoOf(error) !== 'ENOENT') throw error;
      await access(dirname(resolve(file)), constants.W_OK);
    });
    await handle?.close();
  } catch (cause) {
    throw new EvaluationError(`The rankings cannot be written to ${file}.`, { remedy: 'Give --run a file in a folder that exists and may be written to.', cause });
  }
}

/** Writes rankings, a line a question. */
export async function writeRun(file: string, rankings: readonly Ranking[]): Promise<void> {
  await writeFile(file, rankings.map(({ question, passages }) => `${JSON.stringify({ id: question.id, passages })}\n`).join(''));
}
