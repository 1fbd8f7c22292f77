import type { DocumentInput } from '../../graph.types.ts';
import type { ChangeScope } from './change-scope.ts';
import { notOpen } from './graph-faults.ts';

/** A document as a change finds it. */
export interface LiveDocument {
  readonly id: string;
  readonly key: number;
  readonly externalId: string;
  readonly contentHash: string;
  readonly originalBlob: string;
  readonly textBlob: string;
}

/** A generation that is to be published. */
export interface StagedDocument {
  readonly generation: string;
  readonly document: DocumentInput;
}

const GENERATIONS = 'UNWIND $batch.rows AS id MATCH (g:Generation {id: id}) WHERE g.workspace = $workspace RETURN g.id AS id, g.document AS document';
const LIVE = `UNWIND $batch.rows AS id MATCH (d:Document {id: id}) WHERE d.workspace = $workspace
RETURN d.id AS id, d.key AS key, d.externalId AS externalId, d.contentHash AS contentHash, d.originalBlob AS originalBlob, d.textBlob AS textBlob`;
const CREATE = 'UNWIND $batch.rows AS row CREATE (d:Document:$($label)) SET d = row';
const UPDATE = 'UNWIND $batch.rows AS row MATCH (d:Document {id: row.id}) SET d += row';
const DELETE = 'UNWIND $batch.rows AS id MATCH (d:Document {id: id}) WHERE d.workspace = $workspace DETACH DELETE d';
const DISCARD = `UNWIND $batch.rows AS id MATCH (c:StagedChunk) WHERE c.generation = id AND c.workspace = $workspace
OPTIONAL MATCH (c)-[:SENTENCE]->(s) DETACH DELETE s, c`;
const CLOSE = `UNWIND $batch.rows AS id MATCH (g:Generation {id: id}) WHERE g.workspace = $workspace
WITH g, g.originalBlob AS originalBlob, g.textBlob AS textBlob DELETE g RETURN originalBlob, textBlob`;
const FREE = `UNWIND $batch.rows AS key WITH key
WHERE NOT EXISTS { MATCH (d:Document) WHERE d.originalBlob = key AND d.workspace = $workspace }
AND NOT EXISTS { MATCH (d:Document) WHERE d.textBlob = key AND d.workspace = $workspace }
AND NOT EXISTS { MATCH (g:Generation) WHERE g.originalBlob = key AND g.workspace = $workspace }
AND NOT EXISTS { MATCH (g:Generation) WHERE g.textBlob = key AND g.workspace = $workspace }
RETURN key`;

/** @throws GraphError `generation-not-open` unless all of them are open */
export async function stagedDocuments(scope: ChangeScope, generations: readonly string[]): Promise<StagedDocument[]> {
  const found = new Map((await scope.each<{ id: string; document: string }>(GENERATIONS, generations)).map(({ id, document }) => [id, document]));
  return generations.map((generation) => {
    const document = found.get(generation);
    if (document === undefined) throw notOpen('A document to publish was abandoned or swept.');
    return { generation, document: JSON.parse(document) as DocumentInput };
  });
}

export async function liveDocuments(scope: ChangeScope, ids: readonly string[]): Promise<Map<string, LiveDocument>> {
  return new Map((await scope.each<LiveDocument>(LIVE, [...new Set(ids)])).map((document) => [document.id, document]));
}

/** What is stored of a document, whether it is new or not. */
export function documentProperties(document: DocumentInput, about: { readonly id: string; readonly now: string; readonly chunks: number }): Record<string, unknown> {
  const { date } = document.metadata;
  return {
    id: about.id,
    title: document.title,
    mediaType: document.mediaType,
    contentHash: document.contentHash,
    metadata: JSON.stringify(document.metadata),
    original: JSON.stringify(document.original),
    text: JSON.stringify(document.text),
    originalBlob: document.original.key,
    textBlob: document.text.key,
    dated: typeof date === 'string' && !Number.isNaN(Date.parse(date)) ? new Date(date).toISOString() : about.now,
    updatedAt: about.now,
    chunks: about.chunks,
  };
}

export function createDocuments(scope: ChangeScope, rows: readonly Readonly<Record<string, unknown>>[]): void {
  scope.send(CREATE, rows.map((row) => ({ ...row, workspace: scope.workspace })));
}

export function updateDocuments(scope: ChangeScope, rows: readonly Readonly<Record<string, unknown>>[]): void {
  scope.send(UPDATE, rows);
}

export function deleteDocuments(scope: ChangeScope, ids: readonly string[]): void {
  scope.send(DELETE, ids);
}

/** Forgets generations and what is staged of them, of which nothing is left where they are used up; returns the blobs they named. */
export async function closeGenerations(scope: ChangeScope, generations: readonly string[], usedUp: ReadonlySet<string> = new Set()): Promise<string[]> {
  scope.send(DISCARD, generations.filter((generation) => !usedUp.has(generation)));
  const closed = await scope.each<{ originalBlob: string; textBlob: string }>(CLOSE, generations);
  return closed.flatMap(({ originalBlob, textBlob }) => [originalBlob, textBlob]);
}

/** Of the given blobs those that no visible and no staged document refers to. */
export async function unreferencedBlobs(scope: ChangeScope, keys: readonly string[]): Promise<string[]> {
  return (await scope.each<{ key: string }>(FREE, [...new Set(keys)])).map(({ key }) => key);
}
