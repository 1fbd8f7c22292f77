import { Injectable } from '@nestjs/common';
import { GraphError } from '../graph/graph.errors.ts';
import type { DocumentRecord, WorkspaceRef } from '../graph/graph.types.ts';
import { PassageIndex } from '../graph/passage-index.port.ts';
import { DocumentBlobs } from './pipeline/document-blobs.ts';
import { WorkspaceUpkeep } from './pipeline/workspace-upkeep.ts';

/** Documents deleted in one publication. */
const AT_ONCE = 1000;

/** A page of documents. */
export interface DocumentPage {
  readonly documents: readonly DocumentRecord[];
  readonly nextCursor?: string;
}

/** What is in a workspace: listing, reading and deleting documents. */
@Injectable()
export class DocumentService {
  constructor(
    private readonly index: PassageIndex,
    private readonly blobs: DocumentBlobs,
    private readonly upkeep: WorkspaceUpkeep,
  ) {}

  /** Documents by rising external id. */
  async list(workspace: WorkspaceRef, query: { readonly cursor?: string; readonly limit?: number }): Promise<DocumentPage> {
    return await this.index.documents(workspace, query);
  }

  /** @throws GraphError `document-not-found` */
  async get(workspace: WorkspaceRef, documentId: string): Promise<DocumentRecord> {
    return await this.index.document(workspace, documentId);
  }

  /** The decoded text as UTF-8. Throws StorageError `blob-not-found` on the first step if its document was deleted meanwhile. */
  text(workspace: WorkspaceRef, { text }: DocumentRecord): AsyncIterable<Uint8Array> {
    return this.blobs.get(workspace, text.key, { start: text.start, end: text.end });
  }

  /** The bytes as they came. Throws as `text` does. */
  original(workspace: WorkspaceRef, { original }: DocumentRecord): AsyncIterable<Uint8Array> {
    return this.blobs.get(workspace, original.key, { start: original.start, end: original.end });
  }

  /** Deletes documents with all that only they held, many in one publication; those that are not there are no error. */
  async deleteAll(workspace: WorkspaceRef, documentIds: readonly string[]): Promise<void> {
    for (let i = 0; i < documentIds.length; i += AT_ONCE) await this.upkeep.deleteDocuments(workspace, documentIds.slice(i, i + AT_ONCE));
  }

  /**
   * Deletes a document with all that only it held.
   * @throws GraphError `document-not-found`
   */
  async delete(workspace: WorkspaceRef, documentId: string): Promise<void> {
    const deleted = await this.upkeep.deleteDocuments(workspace, [documentId]);
    if (deleted.length === 0) throw GraphError.documentNotFound(documentId);
  }
}
