import { hostname } from 'node:os';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../../common/clock/clock.port.ts';
import { IdSource } from '../../../common/clock/id-source.port.ts';
import { retry } from '../../../common/retry/retry.ts';
import { DiskReserve } from '../../../storage/disk-reserve.service.ts';
import { StorageError } from '../../../storage/storage.errors.ts';
import { DocumentWriter, type StagedBatch, type WriteResult } from '../../document-writer.port.ts';
import type { DocumentInput, EmbeddingSpace, Generation, WorkspaceRef } from '../../graph.types.ts';
import { documentIdOf } from '../../ids.types.ts';
import type { ChangeInput, ChangeStep } from './publish.ops.ts';
import { SqliteGraphFiles } from './sqlite-graph-files.ts';
import { isOwnerAlive, ownerOf } from '../../indexing/staging-owner.ts';

/** Another process may hold the file's write lock for as long as a large document needs. */
const BUSY = { attempts: 20, baseMs: 250, capMs: 5000 } as const;

@Injectable()
export class SqliteDocumentWriter extends DocumentWriter {
  readonly #owner: string;

  constructor(
    private readonly files: SqliteGraphFiles,
    private readonly clock: Clock,
    private readonly ids: IdSource,
    private readonly reserve: DiskReserve,
  ) {
    super();
    this.#owner = ownerOf(hostname(), process.pid, ids.uuid());
  }

  override async begin(workspace: WorkspaceRef, documents: readonly DocumentInput[]): Promise<Generation[]> {
    const named = documents.map((document) => ({ ...document, generationId: this.ids.uuid() }));
    const states = await this.#write<('open' | 'unchanged')[]>(workspace, 'begin', {
      uid: workspace.uid,
      documents: named,
      owner: this.#owner,
      now: this.clock.now(),
    });
    return named.map((document, i) => ({
      id: document.generationId,
      documentId: documentIdOf(workspace.uid, document.externalId),
      state: states[i] ?? 'open',
    }));
  }

  override async known(workspace: WorkspaceRef, chunkIds: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set(await this.files.read<string[]>(workspace, { module: 'stage', operation: 'known', input: { chunkIds } }));
  }

  override async writeBatch(workspace: WorkspaceRef, batches: readonly StagedBatch[], space?: EmbeddingSpace): Promise<void> {
    const open = batches.filter((batch) => batch.generation.state === 'open');
    await this.#write(workspace, 'writeBatch', {
      batches: open.map((batch) => ({ generationId: batch.generation.id, chunks: batch.chunks })),
      ...(space === undefined ? {} : { space }),
    });
  }

  override async amend(workspace: WorkspaceRef, generation: Generation, document: DocumentInput): Promise<void> {
    await this.#write(workspace, 'amend', { generationId: generation.id, document });
  }

  override async publish(workspace: WorkspaceRef, generations: readonly Generation[]): Promise<WriteResult> {
    const open = generations.filter((generation) => generation.state === 'open');
    const unchanged = generations.filter((generation) => generation.state === 'unchanged').map((generation) => generation.documentId);
    const result = await this.#change(workspace, { publish: open.map((generation) => generation.id), delete: [] });
    return { ...result, unchanged: [...unchanged, ...result.unchanged] };
  }

  override async abandon(workspace: WorkspaceRef, generations: readonly Generation[]): Promise<readonly string[]> {
    const generationIds = generations.map((generation) => generation.id);
    return await this.reserve.freeing(() => this.#write<string[]>(workspace, 'abandon', { generationIds }));
  }

  override async deleteDocuments(workspace: WorkspaceRef, documentIds: readonly string[]): Promise<WriteResult> {
    return await this.reserve.freeing(() => this.#change(workspace, { publish: [], delete: documentIds }));
  }

  override async sweep(workspace: WorkspaceRef): Promise<{ readonly generations: number; readonly releasedBlobs: readonly string[] }> {
    const staged = await this.files.read<{ generationId: string; owner: string; stagedAt: number }[]>(workspace, {
      module: 'stage',
      operation: 'stagedOwners',
    });
    const dead = staged.filter((row) => row.owner !== this.#owner && !isOwnerAlive(row.owner, row.stagedAt, this.clock.now()));
    if (dead.length === 0) return { generations: 0, releasedBlobs: [] };
    const releasedBlobs = await this.#write<string[]>(workspace, 'abandon', { generationIds: dead.map((row) => row.generationId) });
    return { generations: dead.length, releasedBlobs };
  }

  override async blobsInUse(workspace: WorkspaceRef, keys: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set(await this.files.read<string[]>(workspace, { module: 'stage', operation: 'blobsInUse', input: { keys } }));
  }

  async #write<T>(workspace: WorkspaceRef, operation: string, input: unknown): Promise<T> {
    return await this.#patiently(() => this.files.write<T>(workspace, { module: 'stage', operation, input }));
  }

  /** One transaction over as many steps as it takes; see publish.ops. */
  async #change(workspace: WorkspaceRef, change: Pick<ChangeInput, 'publish' | 'delete'>): Promise<WriteResult> {
    const input: ChangeInput = { ...change, uid: workspace.uid, now: new Date(this.clock.now()).toISOString() };
    const step = await this.#patiently(() =>
      this.files.exclusively(workspace, async (write) => {
        let last = await write<ChangeStep>({ module: 'publish', operation: 'startChange', input });
        while (!last.done) last = await write<ChangeStep>({ module: 'publish', operation: 'continueChange' });
        return last;
      }),
    );
    const { added, updated, unchanged, deleted, releasedBlobs, indexVersion } = step;
    return { added, updated, unchanged, deleted, releasedBlobs, indexVersion };
  }

  #patiently<T>(work: () => Promise<T>): Promise<T> {
    const isRetryable = (error: unknown): boolean => error instanceof StorageError && error.code === 'store-busy';
    return retry(work, { ...BUSY, isRetryable }, { clock: this.clock, ids: this.ids });
  }
}
