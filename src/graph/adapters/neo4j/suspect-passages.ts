import { porterStem } from '../../../common/text/porter.ts';
import { STOP_WORDS } from '../../../common/text/stop-words.ts';
import type { ChangeScope } from './change-scope.ts';
import type { BookName } from './name-book.ts';
import { storedToken, textIndexName } from './workspace-names.ts';

/** Names of one query: each is two clauses, and Lucene takes some thousand. */
const NAMES = 300;
const PHRASES = 'UNWIND $batch.rows AS query CALL db.index.fulltext.queryNodes($index, query) YIELD node RETURN DISTINCT node.key AS key';
const HAVING = 'UNWIND $batch.rows AS name MATCH (n:Name) WHERE n.workspace = $workspace AND n.key = name MATCH (n)<-[:RUN]-(c:Chunk) RETURN DISTINCT c.key AS key';
const MENTIONING = 'UNWIND $batch.rows AS name MATCH (n:Name) WHERE n.workspace = $workspace AND n.key = name MATCH (n)<-[:MENTION|IN_TITLE]-(c:Chunk) RETURN DISTINCT c.key AS key';

/**
 * Passages visible so far whose mentions may be stale because of names that became walk names, or ceased to be: some too many, never
 * one too few.
 */
export async function suspectPassages(scope: ChangeScope, became: readonly BookName[], ceased: readonly BookName[]): Promise<Set<number>> {
  const stored = became.filter(({ isStored }) => isStored);
  const found = [
    ...(await scope.each<{ key: number }>(PHRASES, queries(became), { index: textIndexName(scope.workspace) })),
    // A passage that was given the name need not hold its phrase.
    ...(await scope.each<{ key: number }>(HAVING, stored.map(({ key }) => key))),
    ...(await scope.each<{ key: number }>(MENTIONING, ceased.map(({ key }) => key))),
  ];
  return new Set(found.map(({ key }) => key));
}

function queries(names: readonly BookName[]): string[] {
  const found: string[] = [];
  for (let i = 0; i < names.length; i += NAMES) found.push(names.slice(i, i + NAMES).map(({ norm }) => clauses(norm)).join(' '));
  return found;
}

/** The text index has titles as they are and bodies as stems without stop words: where the words stand in a row, so do their stems. */
function clauses(norm: string): string {
  const stems = norm.split(' ').filter((word) => !STOP_WORDS.has(word)).map((word) => storedToken(porterStem(word)));
  const inBody = stems.length === 0 ? '' : ` bodyStems:"${stems.join(' ')}"`;
  return `titleNorm:"${norm}"${inBody}`;
}
