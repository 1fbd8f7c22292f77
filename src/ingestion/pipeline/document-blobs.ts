import { Injectable } from '@nestjs/common';
import { IdSource } from '../../common/clock/id-source.port.ts';
import { DocumentWriter } from '../../graph/document-writer.port.ts';
import type { WorkspaceRef } from '../../graph/graph.types.ts';
import { BlobStore, type ByteRange } from '../../storage/blob-store.port.ts';
import { workspaceScope } from '../../storage/storage.types.ts';
import type { IngestRun } from './ingest-run.ts';

async function* single(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

/** Stores what documents are made of, and removes what no document came to need. */
@Injectable()
export class DocumentBlobs {
  constructor(
    private readonly blobs: BlobStore,
    private readonly writer: DocumentWriter,
    private readonly ids: IdSource,
  ) {}

  /** Stores bytes under a new key, which stays loose until a document that refers to it is published. */
  async put(run: IngestRun, kind: 'original' | 'text' | 'layout', bytes: AsyncIterable<Uint8Array> | Uint8Array): Promise<{ key: string; size: number }> {
    const key = `${kind}-${this.ids.uuid()}`;
    run.looseBlobs.add(key);
    const source = bytes instanceof Uint8Array ? single(bytes) : bytes;
    const { size } = await this.blobs.put(workspaceScope(run.workspace), key, source, run.signal);
    return { key, size };
  }

  get(workspace: WorkspaceRef, key: string, range?: ByteRange): AsyncIterable<Uint8Array> {
    return this.blobs.get(workspaceScope(workspace), key, range);
  }

  async delete(workspace: WorkspaceRef, keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.blobs.delete(workspaceScope(workspace), key);
  }

  /** Removes those of the keys that no document refers to. */
  async deleteUnused(workspace: WorkspaceRef, keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    const used = await this.writer.blobsInUse(workspace, keys);
    await this.delete(
      workspace,
      keys.filter((key) => !used.has(key)),
    );
  }
}
