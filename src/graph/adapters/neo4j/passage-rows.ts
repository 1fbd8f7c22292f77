import type { PassageKey, WorkspaceRef } from '../../graph.types.ts';
import { linkIntsOf, type StoredBytes } from './bytes.ts';
import { type Neo4jGraph, VERSIONED_WORKSPACE } from './neo4j-graph.service.ts';
import type { RunMemory } from './run-memory.ts';

/*
 * Passages as the walk needs them. Their stems are most of it; those which the process has packed already are not sent again, whatever
 * the version, because what a chunk says never changes.
 */

/** Goes on from `w` and gives `rows`, of the passages in $passages. */
export const PASSAGE_ROWS = `CALL (w) {
  MATCH (c:Chunk) WHERE c.workspace = $workspace AND c.key IN $passages WITH c, c.key IN $packed AS isPacked
  RETURN collect([c.key, c.document, c.tie, c.id, c.title, c.links, CASE WHEN isPacked THEN null ELSE c.titleStems END, CASE WHEN isPacked THEN null ELSE c.bodyStems END]) AS rows
}
`;
const LOAD = `${VERSIONED_WORKSPACE}${PASSAGE_ROWS}RETURN version, rows`;

export type PassageRow = readonly [
  key: number, document: number, tie: string, chunkId: string, title: string, links: StoredBytes | null, titleStems: string | null, bodyStems: string | null,
];

/** What a statement with `PASSAGE_ROWS` gives. */
export interface PassageRows {
  /** As the statement began. */
  readonly version: number;
  readonly rows: readonly PassageRow[];
}

/** The parameters of `PASSAGE_ROWS`, and what is done with what it gives. */
export interface PassageRequest {
  readonly parameters: { readonly passages: readonly PassageKey[]; readonly packed: readonly PassageKey[] };
  readonly remember: (told: PassageRows) => void;
}

/** Asks for those of the passages that the run does not know. */
export function passageRequest(workspace: WorkspaceRef, keys: Iterable<PassageKey>, memory: RunMemory): PassageRequest {
  const passages = [...new Set(keys)].filter((key) => memory.passages.get(key) === undefined);
  const packed = new Map(passages.flatMap((key) => {
    const terms = memory.terms.get(key) ?? memory.stems.known(workspace.uid, key);
    return terms === undefined ? [] : [[key, terms]];
  }));
  const remember = ({ version, rows }: PassageRows): void => {
    const isOfVersion = memory.keeps(version);
    for (const [key, document, tie, chunkId, title, links, titleStems, bodyStems] of rows) {
      const terms = packed.get(key) ?? memory.stems.packed(workspace.uid, key, { titleStems: titleStems ?? '', bodyStems: bodyStems ?? '' });
      memory.passages.set(key, { key, document, tie, chunkId, title, links: linkIntsOf(links), terms }, isOfVersion);
    }
  };
  return { parameters: { passages, packed: [...packed.keys()] }, remember };
}

/** Reads those of the passages that the run does not know; one that has gone stays unknown. */
export async function loadPassages(graph: Neo4jGraph, workspace: WorkspaceRef, keys: Iterable<PassageKey>, { memory, signal }: { readonly memory: RunMemory; readonly signal: AbortSignal | undefined }): Promise<void> {
  const { parameters, remember } = passageRequest(workspace, keys, memory);
  if (parameters.passages.length > 0) remember(await graph.look<PassageRows>(workspace, LOAD, parameters, signal));
}
