import { porterStem } from '../../../common/text/porter.ts';
import type { WorkspaceRef } from '../../graph.types.ts';
import type { TextQuery } from '../../passage-index.port.ts';
import { compareTies, type TextHits } from '../../retrieval-columns.types.ts';
import { allowedDocuments } from './allowed-documents.ts';
import { bm25, type PackedPassage } from './bm25.ts';
import { type Neo4jGraph, VERSIONED_WORKSPACE } from './neo4j-graph.service.ts';
import { loadPassages } from './passage-rows.ts';
import type { RunMemory } from './run-memory.ts';
import { storedToken, textIndexName } from './workspace-names.ts';

/** Of so many times the passages wanted the index tells the best by its own scores; the order among them is by ours. */
const PROPOSED = 1.25;
const LEAST_PROPOSED = 100;
/** Words searched: each is two clauses, and Lucene takes 1,024. */
const MOST_WORDS = 500;
/** Without a bound: more than any index holds. */
const ALL = 2_000_000_000;

/*
 * One statement: frequencies of stems, which words to search, the passages that have them. The rarest words whose passages, summed up,
 * stay within the postings asked are searched, and at least two that any passage has. Lucene still counts what was deleted until it
 * merges its segments, so its scores depend on how passages came; they propose, and do not decide.
 */
const search = (within: string, limit: string, columns: string): string => `${VERSIONED_WORKSPACE}CALL (w) {
  UNWIND $stems AS stem MATCH (t:Term) WHERE t.workspace = $workspace AND t.token = stem AND t.stems > 0
  RETURN collect([t.token, t.stems]) AS terms
}
CALL (w) {
  UNWIND range(0, size($words) - 1) AS i MATCH (t:Term) WHERE t.workspace = $workspace AND t.token = $words[i] AND t.stems > 0
  WITH t.token AS token, t.stems AS passages, i ORDER BY passages, i
  WITH collect([token, passages]) AS rows
  RETURN reduce(state = [0, 0, []], row IN rows |
    CASE WHEN state[1] >= 2 AND state[0] + row[1] > $postings THEN [state[0] + row[1], state[1], state[2]]
    ELSE [state[0] + row[1], state[1] + 1, state[2] + [row]] END)[2][..$most] AS searched
}
CALL (w, searched) {
  WITH w, searched WHERE size(searched) > 0
  CALL db.index.fulltext.queryNodes($index, reduce(q = '', row IN searched | q + 'titleStems:"' + row[0] + '"^2 bodyStems:"' + row[0] + '" ')${limit})
  YIELD node AS c, score ${within}
  RETURN collect([c.key, score${columns}]) AS hits
}
RETURN version, w.passages AS passages, w.titleLength AS titleLength, w.bodyLength AS bodyLength, terms, searched, hits`;

// What these passages say is read beside, as far as it is not known.
const PROPOSE = search('', ', {limit: $limit}', '');
// Every passage that has a word is looked at, so that k come whenever k exist under the filter.
const WITHIN = search('WHERE c.document IN $allowed', '', ', c.tie, c.titleStems, c.bodyStems');

interface SearchRow {
  readonly version: number;
  readonly passages: number;
  readonly titleLength: number;
  readonly bodyLength: number;
  readonly terms: readonly (readonly [token: string, passages: number])[];
  readonly searched: readonly (readonly [token: string, passages: number])[];
  readonly hits: readonly Hit[];
}

type Hit = readonly [key: number, proposed: number, tie?: string, titleStems?: string, bodyStems?: string];

/** The text index's passages, by BM25 over stems as the embedded store has it. */
export async function searchText(
  graph: Neo4jGraph,
  workspace: WorkspaceRef,
  { query, memory, signal }: { readonly query: TextQuery; readonly memory: RunMemory; readonly signal: AbortSignal | undefined },
): Promise<TextHits> {
  const allowed = await allowedDocuments(graph, workspace, { filter: query.filter, memory, signal });
  const limit = Math.max(LEAST_PROPOSED, Math.ceil(query.k * PROPOSED));
  const parameters = {
    index: textIndexName(workspace.uid),
    stems: [...new Set(query.stems.map(storedToken))],
    words: [...query.words].sort().map((word) => storedToken(porterStem(word))),
    postings: query.postings ?? ALL,
    most: MOST_WORDS,
    ...(allowed === undefined ? {} : { allowed: allowed.keys }),
  };
  const cypher = allowed === undefined ? PROPOSE : WITHIN;
  let row = await graph.look<SearchRow>(workspace, cypher, { ...parameters, limit }, signal);
  // Equal scores across the cut: all of them are needed, so that the choice does not depend on the order of arrival.
  if (allowed === undefined && isCutWithin(row.hits, query.k, limit)) row = await graph.look<SearchRow>(workspace, cypher, { ...parameters, limit: ALL }, signal);
  remember(workspace, row, memory);
  if (allowed === undefined) await loadPassages(graph, workspace, row.hits.map(([key]) => key), { memory, signal });
  return hitsOf(row, query, memory);
}

function isCutWithin(hits: readonly Hit[], k: number, limit: number): boolean {
  return hits.length >= limit && hits[k - 1]?.[1] === hits.at(-1)?.[1];
}

/** Puts down what later look-ups of the question ask for. */
function remember(workspace: WorkspaceRef, { version, passages, titleLength, bodyLength, hits }: SearchRow, memory: RunMemory): void {
  const count = Math.max(1, passages);
  memory.begin(workspace, version);
  memory.passageCount ??= passages;
  memory.means = { passageCount: passages, meanTitleLength: titleLength / count, meanBodyLength: bodyLength / count };
  const ties: [number, string][] = [];
  for (const [key, , tie, titleStems = '', bodyStems = ''] of hits) {
    if (tie === undefined) continue;
    ties.push([key, tie]);
    memory.terms.set(key, memory.stems.packed(workspace.uid, key, { titleStems, bodyStems }));
  }
  memory.setTies(ties);
}

/** The hits with their stems, without those that have gone meanwhile. */
function packedHits(hits: readonly Hit[], memory: RunMemory): PackedPassage[] {
  return hits.flatMap(([key]) => {
    const [tie, terms] = [memory.tieOf(key), memory.termsOf(key)];
    return tie === undefined || terms === undefined ? [] : [{ key, tie, terms }];
  });
}

function hitsOf({ passages, titleLength, bodyLength, terms, searched, hits }: SearchRow, query: TextQuery, memory: RunMemory): TextHits {
  const rows = packedHits(hits, memory);
  const words = searched.map(([stem, having]) => [memory.stems.numberOf(stem), having] as const);
  const scores = bm25(rows, words, { passageCount: passages, meanLength: (titleLength + bodyLength) / Math.max(1, passages) });
  const scored = rows.map(({ key, tie }, i) => ({ key, tie, score: scores[i] ?? 0 }));
  const best = scored.sort((a, b) => b.score - a.score || compareTies(a.tie, b.tie)).slice(0, query.k);
  const frequencies = new Map(terms);
  return {
    passages: Int32Array.from(best, ({ key }) => key),
    scores: Float64Array.from(best, ({ score }) => score),
    passageCount: passages,
    stemFrequencies: Int32Array.from(query.stems, (stem) => frequencies.get(storedToken(stem)) ?? 0),
  };
}
