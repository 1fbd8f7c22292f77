import { Injectable } from '@nestjs/common';
import type { EmbeddingSpace, WorkspaceRef } from '../../graph.types.ts';
import { type RenewedVectors, type StoredPage, StoredPassages } from '../../stored-passages.port.ts';
import { SqliteGraphFiles } from './sqlite-graph-files.ts';

@Injectable()
export class SqliteStoredPassages extends StoredPassages {
  constructor(private readonly files: SqliteGraphFiles) {
    super();
  }

  override async page(workspace: WorkspaceRef, query: { readonly documentId?: string; readonly after?: number; readonly limit: number }): Promise<StoredPage> {
    return await this.files.read(workspace, { module: 'maintenance', operation: 'page', input: query });
  }

  override async dropVectors(workspace: WorkspaceRef): Promise<void> {
    await this.files.write(workspace, { module: 'maintenance', operation: 'dropVectors' });
  }

  override async writeVectors(workspace: WorkspaceRef, vectors: readonly RenewedVectors[], space: EmbeddingSpace): Promise<void> {
    if (vectors.length > 0) await this.files.write(workspace, { module: 'maintenance', operation: 'writeVectors', input: { vectors, space } });
  }
}
