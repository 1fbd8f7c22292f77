import type { BlobRange, ChunkPosition, DocumentRecord, Metadata, Passage } from '../../graph.types.ts';
import { VERSIONED_WORKSPACE, WORKSPACE } from './neo4j-graph.service.ts';

const ENTITIES_PER_PASSAGE = 20;
/** Entities of more passages are told apart no further. */
const COUNTED = 100;

const look = (found: string, columns: string, name: string): string => `${VERSIONED_WORKSPACE}CALL (w) {\n${found}\nRETURN collect(${columns}) AS ${name}\n}\nRETURN version, ${name}`;

const PASSAGE = `{key: c.key, chunkId: c.id, ordinal: c.ordinal, position: c.position, title: c.title, text: c.text, documentId: d.id, externalId: d.externalId,
  documentTitle: d.title, metadata: d.metadata, entities: [(c)-[m:MENTIONS]->(e) | [m.surface, COUNT { (e)<-[:MENTIONS]-() }]]}`;
export const PASSAGES = look('MATCH (c:Chunk) WHERE c.workspace = $workspace AND c.key IN $keys MATCH (d:Document)-[:HAS]->(c)', PASSAGE, 'passages');
export const CHUNKS = look('UNWIND $ids AS id MATCH (c:Chunk {id: id}) WHERE c.workspace = $workspace MATCH (d:Document)-[:HAS]->(c)', PASSAGE, 'passages');
export const LABELS = look('MATCH (c:Chunk) WHERE c.workspace = $workspace AND c.key IN $keys', '[c.key, c.id, c.title]', 'labels');
export const TIES = look('MATCH (c:Chunk) WHERE c.workspace = $workspace AND c.key IN $keys', '[c.key, c.tie]', 'ties');
export const TERMS = `${WORKSPACE}CALL (w) {
MATCH (c:Chunk) WHERE c.workspace = $workspace AND c.key IN $keys RETURN collect([c.key, c.titleStems, c.bodyStems]) AS terms
}
RETURN w.passages AS passages, w.titleLength AS titleLength, w.bodyLength AS bodyLength, terms`;

export const DOCUMENTS = look(
  'MATCH (d:Document) WHERE d.workspace = $workspace AND d.externalId > $after WITH d ORDER BY d.externalId LIMIT $limit',
  'properties(d)',
  'documents',
);
export const DOCUMENTS_WITHIN = look(
  'MATCH (d:Document) WHERE d.workspace = $workspace AND d.externalId > $after AND d.key IN $allowed WITH d ORDER BY d.externalId LIMIT $limit',
  'properties(d)',
  'documents',
);
export const DOCUMENT = look('MATCH (d:Document {id: $id}) WHERE d.workspace = $workspace', 'properties(d)', 'documents');
export const CONTENT_HASHES = look(
  'UNWIND $externalIds AS externalId MATCH (d:Document) WHERE d.workspace = $workspace AND d.externalId = externalId',
  '[d.externalId, d.contentHash]',
  'hashes',
);
export const CHANGES = `${WORKSPACE}CALL (w) {
MATCH (x:Change) WHERE x.workspace = $workspace AND x.version > $after WITH x ORDER BY x.version
RETURN collect([x.added, x.removed]) AS changes
}
RETURN w.version AS version, w.changesFrom AS changesFrom, changes`;

export interface PassageRow extends Pick<Passage, 'key' | 'chunkId' | 'ordinal' | 'title' | 'text' | 'documentId' | 'externalId' | 'documentTitle'> {
  /** JSON. */
  readonly position: string;
  readonly metadata: string;
  readonly entities: readonly (readonly [surface: string, passages: number])[];
}

export function passageOf({ position, metadata, entities, ...row }: PassageRow): Passage {
  return {
    ...(JSON.parse(position) as ChunkPosition),
    ...row,
    metadata: JSON.parse(metadata) as Metadata,
    entities: mostSpecific(entities).slice(0, ENTITIES_PER_PASSAGE),
  };
}

/** The names of entities, those of fewest passages first. */
function mostSpecific(entities: PassageRow['entities']): string[] {
  const rows = entities.map(([surface, passages]) => ({ surface, passages: Math.min(COUNTED, passages) }));
  rows.sort((a, b) => a.passages - b.passages || (a.surface < b.surface ? -1 : Number(a.surface > b.surface)));
  return rows.map(({ surface }) => surface);
}

export interface DocumentRow extends Pick<DocumentRecord, 'id' | 'externalId' | 'title' | 'mediaType' | 'contentHash' | 'createdAt' | 'updatedAt' | 'chunks'> {
  /** JSON. */
  readonly metadata: string;
  readonly original: string;
  readonly text: string;
}

export function documentOf(row: DocumentRow): DocumentRecord {
  const { id, externalId, title, mediaType, contentHash, chunks, createdAt, updatedAt } = row;
  return {
    ...{ id, externalId, title, mediaType, contentHash, chunks, createdAt, updatedAt },
    metadata: JSON.parse(row.metadata) as Metadata,
    original: JSON.parse(row.original) as BlobRange,
    text: JSON.parse(row.text) as BlobRange,
    status: 'ready',
  };
}
