import type { EmbeddingSpace, WorkspaceRef } from '../../src/graph/graph.types.ts';
import { documentIdOf } from '../../src/graph/ids.types.ts';
import { documentInput, type GraphStack, publishAll, stagedChunks, type TestDocument } from '../fixtures/graph-stack.ts';

const NILE: TestDocument = { id: 'nile', title: 'Nile', texts: ['The Nile flows through Khartoum.', 'It ends in the Mediterranean Sea.'] };
const KHARTOUM: TestDocument = { id: 'khartoum', title: 'Khartoum', texts: ['Khartoum lies where two rivers meet.'] };

async function found(stack: GraphStack, workspace: WorkspaceRef, word: string): Promise<string[]> {
  const hits = await stack.index.searchText(workspace, { words: [word], stems: [], k: 50 });
  return (await stack.index.passages(workspace, [...hits.passages])).map((passage) => `${passage.externalId}#${String(passage.ordinal)}`);
}

async function stage(stack: GraphStack, workspace: WorkspaceRef, document: TestDocument): Promise<Awaited<ReturnType<GraphStack['writer']['begin']>>> {
  const generations = await stack.writer.begin(workspace, [documentInput(document)]);
  const [generation] = generations;
  if (generation?.state === 'open') await stack.writer.writeBatch(workspace, [{ generation, chunks: stagedChunks(workspace.uid, document) }]);
  return generations;
}

/** What every adapter of DocumentWriter has to do. */
export function describeDocumentWriter(name: string, open: () => Promise<GraphStack>): void {
  describe(`DocumentWriter: ${name}`, () => {
    let stack: GraphStack;
    let workspace: WorkspaceRef;

    beforeEach(async () => {
      stack = await open();
      workspace = await stack.workspace();
    });
    afterEach(async () => {
      await stack.close();
    });

    it('shows nothing of a staged document until it is published', async () => {
      const generations = await stage(stack, workspace, NILE);
      expect(await found(stack, workspace, 'nile')).toEqual([]);
      expect((await stack.index.documents(workspace, {})).documents).toEqual([]);
      expect((await stack.index.changesSince(workspace, 0)).indexVersion).toBe(0);
      await stack.writer.publish(workspace, generations);
      expect(await found(stack, workspace, 'nile')).toEqual(['nile#0', 'nile#1']);
    });

    it('says what became of each document', async () => {
      const first = await stack.writer.publish(workspace, await stage(stack, workspace, NILE));
      expect(first).toMatchObject({ added: [documentIdOf(workspace.uid, 'nile')], updated: [], unchanged: [], deleted: [], indexVersion: 1 });
      const same = await stack.writer.publish(workspace, await stage(stack, workspace, NILE));
      expect(same.unchanged).toEqual([documentIdOf(workspace.uid, 'nile')]);
      const changed = await stack.writer.publish(workspace, await stage(stack, workspace, { ...NILE, texts: ['The Nile is long.'] }));
      expect(changed.updated).toEqual([documentIdOf(workspace.uid, 'nile')]);
    });

    it('replaces a document whole and keeps the chunks that did not change', async () => {
      await publishAll(stack, workspace, [NILE]);
      const before = await stack.index.chunks(workspace, stagedChunks(workspace.uid, NILE).map((chunk) => chunk.id));
      await publishAll(stack, workspace, [{ ...NILE, texts: ['A new first passage about Egypt.', NILE.texts[1] ?? ''] }]);
      expect(await found(stack, workspace, 'khartoum')).toEqual([]);
      expect(await found(stack, workspace, 'mediterranean')).toEqual(['nile#1']);
      const [after] = await stack.index.chunks(workspace, [before[1]?.chunkId ?? '']);
      expect(after?.key).toBe(before[1]?.key);
    });

    it('takes chunks it knows without their content, and moves them', async () => {
      await publishAll(stack, workspace, [NILE]);
      const chunks = stagedChunks(workspace.uid, NILE);
      const known = await stack.writer.known(workspace, [...chunks.map((chunk) => chunk.id), 'unheard-of']);
      expect(known).toEqual(new Set(chunks.map((chunk) => chunk.id)));
      const [generation] = await stack.writer.begin(workspace, [{ ...documentInput(NILE), contentHash: 'turned' }]);
      if (generation === undefined) throw new Error('no generation');
      const turned = chunks.toReversed().map(({ id, position }, ordinal) => ({ id, position, ordinal }));
      await stack.writer.writeBatch(workspace, [{ generation, chunks: turned }]);
      await stack.writer.publish(workspace, [generation]);
      expect(await found(stack, workspace, 'mediterranean')).toEqual(['nile#0']);
    });

    it('refuses a known chunk whose content has gone meanwhile, and changes nothing', async () => {
      await publishAll(stack, workspace, [NILE, KHARTOUM]);
      const [generation] = await stack.writer.begin(workspace, [{ ...documentInput(NILE), contentHash: 'other' }]);
      if (generation === undefined) throw new Error('no generation');
      const [chunk] = stagedChunks(workspace.uid, NILE);
      await stack.writer.writeBatch(workspace, [{ generation, chunks: [{ id: chunk?.id ?? '', ordinal: 0, position: { start: 0, end: 1 } }] }]);
      await stack.writer.deleteDocuments(workspace, [documentIdOf(workspace.uid, 'nile')]);
      await expect(stack.writer.publish(workspace, [generation])).rejects.toMatchObject({ code: 'generation-not-open', retryable: true });
      expect(await found(stack, workspace, 'khartoum')).toEqual(['khartoum#0']);
    });

    it('publishes what was said of a document last, and only of one that is open', async () => {
      const [generation] = await stage(stack, workspace, NILE);
      if (generation === undefined) throw new Error('no generation');
      await stack.writer.amend(workspace, generation, { ...documentInput(NILE), contentHash: 'amended' });
      await expect(stack.writer.amend(await stack.workspace(), generation, documentInput(NILE))).rejects.toMatchObject({ code: 'generation-not-open' });
      await stack.writer.publish(workspace, [generation]);
      expect(await stack.index.contentHashes(workspace, ['nile'])).toEqual(new Map([['nile', 'amended']]));
      await expect(stack.writer.amend(workspace, generation, documentInput(NILE))).rejects.toMatchObject({ code: 'generation-not-open' });
    });

    it('publishes many documents in one step of the version', async () => {
      await publishAll(stack, workspace, [NILE, KHARTOUM]);
      expect((await stack.index.changesSince(workspace, 0)).indexVersion).toBe(1);
    });

    it('deletes a document with all that only it held, and leaves unknown ids out', async () => {
      await publishAll(stack, workspace, [NILE, KHARTOUM]);
      const result = await stack.writer.deleteDocuments(workspace, [documentIdOf(workspace.uid, 'nile'), 'unknown']);
      expect(result).toMatchObject({ deleted: [documentIdOf(workspace.uid, 'nile')], releasedBlobs: ['blob-nile'] });
      expect(await found(stack, workspace, 'nile')).toEqual([]);
      expect(await stack.writer.known(workspace, stagedChunks(workspace.uid, NILE).map((chunk) => chunk.id))).toEqual(new Set());
    });

    it('releases a blob when the last document that refers to it goes', async () => {
      await publishAll(stack, workspace, [{ ...NILE, blob: 'shared' }, { ...KHARTOUM, blob: 'shared' }]);
      expect(await stack.writer.blobsInUse(workspace, ['shared', 'other'])).toEqual(new Set(['shared']));
      expect((await stack.writer.deleteDocuments(workspace, [documentIdOf(workspace.uid, 'nile')])).releasedBlobs).toEqual([]);
      expect((await stack.writer.deleteDocuments(workspace, [documentIdOf(workspace.uid, 'khartoum')])).releasedBlobs).toEqual(['shared']);
    });

    it('abandons a generation: nothing of it stays, and it cannot be written to or published', async () => {
      const generations = await stage(stack, workspace, NILE);
      expect(await stack.writer.blobsInUse(workspace, ['blob-nile'])).toEqual(new Set(['blob-nile']));
      expect(await stack.writer.abandon(workspace, generations)).toEqual(['blob-nile']);
      expect(await stack.writer.abandon(workspace, generations)).toEqual([]);
      await expect(stack.writer.publish(workspace, generations)).rejects.toMatchObject({ code: 'generation-not-open' });
      const batches = generations.map((generation) => ({ generation, chunks: [] }));
      await expect(stack.writer.writeBatch(workspace, batches)).rejects.toMatchObject({ code: 'generation-not-open' });
    });

    it('does not sweep what a living process has staged', async () => {
      const generations = await stage(stack, workspace, NILE);
      expect(await stack.writer.sweep(workspace)).toEqual({ generations: 0, releasedBlobs: [] });
      await stack.writer.publish(workspace, generations);
    });

    it('lets the later of two publications of one document stand', async () => {
      const first = await stage(stack, workspace, NILE);
      const second = await stage(stack, workspace, { ...NILE, texts: ['The Nile has two sources.'] });
      await stack.writer.publish(workspace, first);
      await stack.writer.publish(workspace, second);
      expect(await found(stack, workspace, 'nile')).toEqual(['nile#0']);
      expect(await found(stack, workspace, 'sources')).toEqual(['nile#0']);
    });

    it('refuses vectors of another model or dimension, and names the way out', async () => {
      const space: EmbeddingSpace = { modelId: 'm', dimensions: 2, semantic: true };
      const document: TestDocument = { ...KHARTOUM, vectors: [Float32Array.of(1, 0)] };
      const [generation] = await stack.writer.begin(workspace, [documentInput(document)]);
      if (generation === undefined) throw new Error('no generation');
      await stack.writer.writeBatch(workspace, [{ generation, chunks: stagedChunks(workspace.uid, document) }], space);
      for (const other of [{ ...space, dimensions: 3 }, { ...space, modelId: 'n' }]) {
        await expect(stack.writer.writeBatch(workspace, [{ generation, chunks: [] }], other)).rejects.toMatchObject({
          code: 'embedding-dimension-mismatch',
          remedy: expect.stringContaining('reindex'),
        });
      }
    });

    it('knows nothing of another workspace', async () => {
      const other = await stack.workspace();
      await publishAll(stack, workspace, [NILE]);
      expect(await found(stack, other, 'nile')).toEqual([]);
      expect(await stack.writer.known(other, stagedChunks(workspace.uid, NILE).map((chunk) => chunk.id))).toEqual(new Set());
      expect((await stack.writer.deleteDocuments(other, [documentIdOf(workspace.uid, 'nile')])).deleted).toEqual([]);
      expect(await found(stack, workspace, 'nile')).toHaveLength(2);
    });

    it('refuses a workspace that does not exist', async () => {
      await expect(stack.writer.begin({ uid: 'gone' }, [documentInput(NILE)])).rejects.toMatchObject({ code: 'workspace-not-found' });
    });
  });
}
