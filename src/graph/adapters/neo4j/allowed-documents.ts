import type { PassageFilter, WorkspaceRef } from '../../graph.types.ts';
import { type FilteredDocument, passes, restricts } from '../../indexing/document-filter.ts';
import { type Neo4jGraph, WORKSPACE } from './neo4j-graph.service.ts';
import type { AllowedDocuments, RunMemory } from './run-memory.ts';

const COLUMNS = 'RETURN collect([d.key, d.chunks, d.externalId, d.dated, d.metadata]) AS documents\n} RETURN documents';
const BY_ID = `${WORKSPACE}CALL (w) { UNWIND $values AS value MATCH (d:Document {id: value}) WHERE d.workspace = $workspace WITH DISTINCT d ${COLUMNS}`;
const BY_EXTERNAL_ID = `${WORKSPACE}CALL (w) { UNWIND $values AS value MATCH (d:Document) WHERE d.workspace = $workspace AND d.externalId = value WITH DISTINCT d ${COLUMNS}`;
const ALL = `${WORKSPACE}CALL (w) { MATCH (d:Document) WHERE d.workspace = $workspace AND d.externalId >= '' ${COLUMNS}`;

type Row = readonly [key: number, chunks: number, externalId: string, dated: string, metadata: string];

/** A look-up's filter, with what the question knows already. */
export interface FilterLookUp {
  readonly filter: PassageFilter | undefined;
  readonly memory: RunMemory | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The documents that a filter lets through; nothing for no filter. */
export async function allowedDocuments(graph: Neo4jGraph, workspace: WorkspaceRef, { filter, memory, signal }: FilterLookUp): Promise<AllowedDocuments | undefined> {
  if (!restricts(filter)) return undefined;
  const known = memory?.allowed.get(filter);
  if (known !== undefined) return known;
  const { documents } = await graph.look<{ documents: Row[] }>(workspace, statementOf(filter), { values: filter.documentIds ?? filter.externalIds ?? [] }, signal);
  const allowed = documents.filter((row) => passes(documentOf(row), filter));
  const found = { keys: allowed.map(([key]) => key), chunks: allowed.reduce((sum, [, chunks]) => sum + chunks, 0) };
  memory?.allowed.set(filter, found);
  return found;
}

function statementOf(filter: PassageFilter): string {
  if (filter.documentIds !== undefined) return BY_ID;
  return filter.externalIds === undefined ? ALL : BY_EXTERNAL_ID;
}

function documentOf([, , externalId, dated, metadata]: Row): FilteredDocument {
  return { externalId, dated, metadata };
}
