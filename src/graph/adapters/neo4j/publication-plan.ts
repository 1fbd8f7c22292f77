import type { DocumentInput } from '../../graph.types.ts';
import { documentIdOf } from '../../ids.types.ts';
import { chunksOf, type StagedChunkRow, stagedChunks } from './change-chunks.ts';
import { type LiveDocument, liveDocuments, stagedDocuments } from './change-documents.ts';
import type { ChangeScope } from './change-scope.ts';
import { notOpen } from './graph-faults.ts';

/** A change that is asked for. */
export interface ChangeInput {
  /** Generations to publish. */
  readonly publish: readonly string[];
  /** Ids of documents to delete. */
  readonly delete: readonly string[];
  /** ISO 8601. */
  readonly now: string;
}

/** A document that a generation becomes. */
export interface PublishedDocument {
  readonly id: string;
  readonly key: number;
  readonly generation: string;
  readonly document: DocumentInput;
  readonly live: LiveDocument | undefined;
}

/** A staged chunk with the document it belongs to. */
export interface PlannedChunk {
  readonly key: number;
  readonly staged: StagedChunkRow;
  readonly document: PublishedDocument;
}

/** What a change comes to, before anything is written. */
export interface PublicationPlan {
  readonly published: readonly PublishedDocument[];
  readonly unchanged: readonly string[];
  readonly deleted: readonly LiveDocument[];
  /** Chunks that become visible. */
  readonly placed: readonly PlannedChunk[];
  /** Chunks that stay visible, maybe in another place. */
  readonly moved: readonly PlannedChunk[];
  /** Keys of chunks that go. */
  readonly removed: readonly number[];
  /** Generations of which every node that was staged becomes visible. */
  readonly usedUp: ReadonlySet<string>;
  /** Blobs that documents referred to and no longer do. */
  readonly blobs: readonly string[];
  readonly nextDocument: number;
  readonly nextChunk: number;
}

/** @throws GraphError `generation-not-open` */
export async function planOf(scope: ChangeScope, input: ChangeInput, next: { readonly document: number; readonly chunk: number }): Promise<PublicationPlan> {
  const staged = (await stagedDocuments(scope, input.publish)).map((each) => ({ ...each, id: documentIdOf(scope.workspace, each.document.externalId) }));
  const live = await liveDocuments(scope, [...input.delete, ...staged.map(({ id }) => id)]);
  const deleted = [...new Set(input.delete)].map((id) => live.get(id)).filter((document) => document !== undefined);
  for (const { id } of deleted) live.delete(id);
  // Someone else may have published the same content meanwhile.
  const isSame = ({ id, document }: { readonly id: string; readonly document: DocumentInput }): boolean => live.get(id)?.contentHash === document.contentHash;
  // Of two generations of one document the last one stays.
  const last = new Map(staged.filter((each) => !isSame(each)).map((each) => [each.id, each]));
  let nextDocument = next.document;
  const published = [...last.values()].map((each): PublishedDocument => {
    const known = live.get(each.id);
    return { ...each, live: known, key: known?.key ?? nextDocument++ };
  });
  const chunks = await planChunks(scope, { published, deleted, nextChunk: next.chunk });
  const unchanged = staged.filter(isSame).map(({ id }) => id);
  return { published, unchanged, deleted, ...chunks, blobs: blobsOf([...deleted, ...live.values()]), nextDocument };
}

function blobsOf(documents: readonly LiveDocument[]): string[] {
  return documents.flatMap(({ originalBlob, textBlob }) => [originalBlob, textBlob]);
}

async function planChunks(
  scope: ChangeScope,
  { published, deleted, nextChunk }: { readonly published: readonly PublishedDocument[]; readonly deleted: readonly LiveDocument[]; readonly nextChunk: number },
): Promise<Pick<PublicationPlan, 'placed' | 'moved' | 'removed' | 'usedUp' | 'nextChunk'>> {
  const before = await chunksOf(scope, [...deleted, ...published.flatMap(({ live }) => live ?? [])].map(({ key }) => key));
  const gone = new Map(before.map(({ id, key }) => [id, key]));
  const documents = new Map(published.map((document) => [document.generation, document]));
  const placed: PlannedChunk[] = [];
  const moved: PlannedChunk[] = [];
  let next = nextChunk;
  const { chunks, nodes } = await stagedChunks(scope, [...documents.keys()]);
  for (const staged of chunks) {
    const document = documents.get(staged.generation);
    if (document === undefined) continue;
    const key = gone.get(staged.id);
    gone.delete(staged.id);
    if (key !== undefined) moved.push({ key, staged, document });
    else if (staged.hasContent) placed.push({ key: next++, staged, document });
    else throw notOpen('A chunk that was left out as known has gone meanwhile.');
  }
  return { placed, moved, removed: [...gone.values()], usedUp: usedUp(placed, nodes), nextChunk: next };
}

function usedUp(placed: readonly PlannedChunk[], nodes: ReadonlyMap<string, number>): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { staged } of placed) counts.set(staged.generation, (counts.get(staged.generation) ?? 0) + 1);
  return new Set([...counts].filter(([generation, count]) => nodes.get(generation) === count).map(([generation]) => generation));
}
