import { type Answering, type LookUpProgram, replyTo } from '../../look-ups.types.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { forgetScope } from './question-scope.ts';
import { labels, passages } from './read.ops.ts';
import { pinned } from './reader-memory.ts';
import { searchText, termCounts, ties } from './search.ops.ts';
import { searchVectors } from './vector.ops.ts';
import { hop, namesIn } from './walk.ops.ts';

export { isCurrent, migrate } from './schema.ts';

export interface ProgramInput {
  readonly moduleUrl: string;
  readonly name: string;
  readonly input: unknown;
}

function answering(context: SqliteContext): Answering {
  return {
    searchText: (query) => searchText(context, query),
    termCounts: (query) => termCounts(context, query),
    searchVectors: (query) => searchVectors(context, query),
    ties: (query) => ties(context, query),
    namesIn: (query) => namesIn(context, query),
    hop: (query) => hop(context, query),
    passages: (query) => passages(context, query),
    labels: (query) => labels(context, query),
  };
}

/** Runs a program of look-ups in this thread, in one read transaction. */
export async function runProgram(context: SqliteContext, { moduleUrl, name, input }: ProgramInput): Promise<unknown> {
  const module = (await import(moduleUrl)) as Readonly<Record<string, (input: unknown) => LookUpProgram<unknown>>>;
  const start = module[name];
  if (start === undefined) throw new Error(`There is no program ${name}.`);
  context.db.exec('begin');
  try {
    return pinned(context, () => drive(start(input), answering(context)));
  } finally {
    forgetScope(context);
    if (context.db.isTransaction) context.db.exec('commit');
  }
}

function drive(program: LookUpProgram<unknown>, answers: Answering): unknown {
  let step = program.next();
  while (step.done !== true) step = program.next(replyTo(step.value, answers));
  return step.value;
}
