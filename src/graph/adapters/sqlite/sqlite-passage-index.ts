import { Injectable } from '@nestjs/common';
import { GraphError } from '../../graph.errors.ts';
import type { DocumentRecord, Passage, PassageKey, PassageLabel, WorkspaceRef } from '../../graph.types.ts';
import { type DocumentQuery, type IndexChanges, PassageIndex, type TermCountQuery, type TextQuery, type VectorQuery } from '../../passage-index.port.ts';
import type { TermCounts, TextHits, VectorHits } from '../../retrieval-columns.types.ts';
import { SqliteGraphFiles } from './sqlite-graph-files.ts';

const DEFAULT_PAGE = 100;
const MAX_PAGE = 1000;

@Injectable()
export class SqlitePassageIndex extends PassageIndex {
  constructor(private readonly files: SqliteGraphFiles) {
    super();
  }

  override async searchText(workspace: WorkspaceRef, query: TextQuery, signal?: AbortSignal): Promise<TextHits> {
    return await this.files.read(workspace, { module: 'search', operation: 'searchText', input: query, signal });
  }

  override async termCounts(workspace: WorkspaceRef, query: TermCountQuery, signal?: AbortSignal): Promise<TermCounts> {
    return await this.files.read(workspace, { module: 'search', operation: 'termCounts', input: query, signal });
  }

  override async ties(workspace: WorkspaceRef, keys: readonly PassageKey[]): Promise<string[]> {
    return await this.files.read(workspace, { module: 'search', operation: 'ties', input: { keys } });
  }

  override async searchVectors(workspace: WorkspaceRef, query: VectorQuery, signal?: AbortSignal): Promise<VectorHits> {
    return await this.files.read(workspace, { module: 'vector', operation: 'searchVectors', input: query, signal, vectors: true });
  }

  override async similarities(workspace: WorkspaceRef, vector: Float32Array, passages: readonly PassageKey[]): Promise<Float64Array> {
    return await this.files.read(workspace, { module: 'vector', operation: 'similarities', input: { vector, keys: passages } });
  }

  override async passages(workspace: WorkspaceRef, keys: readonly PassageKey[]): Promise<Passage[]> {
    return await this.files.read(workspace, { module: 'read', operation: 'passages', input: { keys } });
  }

  override async labels(workspace: WorkspaceRef, keys: readonly PassageKey[]): Promise<ReadonlyMap<PassageKey, PassageLabel>> {
    if (keys.length === 0) return new Map();
    return new Map(await this.files.read<[PassageKey, PassageLabel][]>(workspace, { module: 'read', operation: 'labels', input: { keys } }));
  }

  override async chunks(workspace: WorkspaceRef, chunkIds: readonly string[]): Promise<Passage[]> {
    return await this.files.read(workspace, { module: 'read', operation: 'chunks', input: { chunkIds } });
  }

  override async documents(
    workspace: WorkspaceRef,
    query: DocumentQuery,
  ): Promise<{ readonly documents: readonly DocumentRecord[]; readonly nextCursor?: string }> {
    const limit = Math.min(MAX_PAGE, Math.max(1, query.limit ?? DEFAULT_PAGE));
    const after = query.cursor === undefined ? undefined : Buffer.from(query.cursor, 'base64url').toString('utf8');
    const rows = await this.files.read<DocumentRecord[]>(workspace, {
      module: 'read',
      operation: 'documents',
      input: { after, limit, ...(query.filter === undefined ? {} : { filter: query.filter }) },
    });
    const documents = rows.slice(0, limit);
    const last = documents.at(-1);
    if (rows.length <= limit || last === undefined) return { documents };
    return { documents, nextCursor: Buffer.from(last.externalId, 'utf8').toString('base64url') };
  }

  override async document(workspace: WorkspaceRef, documentId: string): Promise<DocumentRecord> {
    const found = await this.files.read<DocumentRecord | undefined>(workspace, { module: 'read', operation: 'document', input: { documentId } });
    if (found === undefined) throw GraphError.documentNotFound(documentId);
    return found;
  }

  override async contentHashes(workspace: WorkspaceRef, externalIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return new Map(await this.files.read<[string, string][]>(workspace, { module: 'read', operation: 'contentHashes', input: { externalIds } }));
  }

  override async changesSince(workspace: WorkspaceRef, indexVersion: number): Promise<IndexChanges> {
    return await this.files.read(workspace, { module: 'read', operation: 'changesSince', input: { indexVersion } });
  }
}
