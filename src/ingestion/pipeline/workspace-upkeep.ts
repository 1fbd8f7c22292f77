import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../common/clock/clock.port.ts';
import { DocumentWriter } from '../../graph/document-writer.port.ts';
import type { Workspace, WorkspaceRef } from '../../graph/graph.types.ts';
import { PassageIndex } from '../../graph/passage-index.port.ts';
import { BlobStore } from '../../storage/blob-store.port.ts';
import { workspaceScope } from '../../storage/storage.types.ts';
import { DocumentBlobs } from './document-blobs.ts';
import type { IngestRun } from './ingest-run.ts';

/** A blob that no document refers to may belong to an ingestion under way until it is this old, in milliseconds. */
const LOOSE_MS = 3_600_000;
const PAGE = 500;

/** Removes what crashes left and what is not wanted any longer. */
@Injectable()
export class WorkspaceUpkeep {
  private readonly logger = new Logger(WorkspaceUpkeep.name);
  readonly #swept = new Set<string>();

  constructor(
    private readonly writer: DocumentWriter,
    private readonly index: PassageIndex,
    private readonly store: BlobStore,
    private readonly blobs: DocumentBlobs,
    private readonly clock: Clock,
  ) {}

  /** Sweeps a workspace the first time it is asked to. A sweep that fails costs nothing but room. */
  async once(workspace: Workspace): Promise<void> {
    if (this.#swept.has(workspace.uid)) return;
    this.#swept.add(workspace.uid);
    try {
      await this.sweep(workspace);
    } catch (error) {
      this.logger.warn({ err: error, workspace: workspace.slug }, 'what earlier runs left could not be swept');
    }
  }

  /** Forgets generations whose process is gone, and old blobs that no document refers to. */
  async sweep(workspace: Workspace): Promise<void> {
    const { generations, releasedBlobs } = await this.writer.sweep(workspace);
    await this.blobs.delete(workspace, releasedBlobs);
    const old: string[] = [];
    for await (const blob of this.store.list(workspaceScope(workspace))) {
      if (this.clock.now() - blob.storedAt > LOOSE_MS) old.push(blob.key);
    }
    for (let i = 0; i < old.length; i += PAGE) await this.blobs.deleteUnused(workspace, old.slice(i, i + PAGE));
    if (generations > 0) this.logger.log({ workspace: workspace.slug, generations }, 'swept what an interrupted ingestion left');
  }

  async deleteUnused(workspace: WorkspaceRef, keys: readonly string[]): Promise<void> {
    await this.blobs.deleteUnused(workspace, keys);
  }

  /** Deletes documents with all that only they held. */
  async deleteDocuments(workspace: WorkspaceRef, documentIds: readonly string[]): Promise<readonly string[]> {
    const { deleted, releasedBlobs } = await this.writer.deleteDocuments(workspace, documentIds);
    await this.blobs.delete(workspace, releasedBlobs);
    return deleted;
  }

  /** Deletes the documents that a run did not come across; none if something in it failed. */
  async prune(run: IngestRun): Promise<void> {
    if (run.reporter.failed) {
      run.reporter.warn('Nothing was pruned, because not every source could be read.');
      return;
    }
    const gone: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await this.index.documents(run.workspace, { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
      gone.push(...page.documents.filter((document) => !run.names.has(document.externalId)).map((document) => document.id));
      if (page.nextCursor === undefined) break;
      cursor = page.nextCursor;
    }
    for (let i = 0; i < gone.length; i += PAGE) await this.deleteDocuments(run.workspace, gone.slice(i, i + PAGE));
    if (gone.length > 0) run.reporter.warn(`${String(gone.length)} documents that are not among the sources any longer were deleted.`);
  }
}
