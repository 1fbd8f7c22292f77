import type { WorkspaceRef } from '../../src/graph/graph.types.ts';
import { documentIdOf } from '../../src/graph/ids.types.ts';
import type { StoredPassage } from '../../src/graph/stored-passages.port.ts';
import { type GraphStack, publishAll, stagedChunks, type TestDocument } from '../fixtures/graph-stack.ts';

const X = Float32Array.of(1, 0, 0, 0);
const Y = Float32Array.of(0, 1, 0, 0);
const OTHER = { modelId: 'other', dimensions: 3, semantic: true };
const NILE: TestDocument = { id: 'nile', title: 'Nile', texts: ['The Nile flows.', 'It ends in the sea.', 'Boats sail on it.'], vectors: [X, Y, X], sentenceVectors: [[X], [Y], [X]] };
const ELBE: TestDocument = { id: 'elbe', title: 'Elbe', texts: ['The Elbe flows too.'], vectors: [Y] };

/** What every adapter of StoredPassages has to do. */
export function describeStoredPassages(name: string, open: () => Promise<GraphStack>): void {
  describe(`StoredPassages: ${name}`, () => {
    let stack: GraphStack;
    let workspace: WorkspaceRef;
    beforeEach(async () => {
      stack = await open();
      workspace = await stack.workspace();
      await publishAll(stack, workspace, [NILE, ELBE]);
    });
    afterEach(async () => {
      await stack.close();
    });

    const pages = async (limit: number, documentId?: string): Promise<StoredPassage[]> => {
      const all: StoredPassage[] = [];
      for (let after: number | undefined; ; ) {
        const page = await stack.stored.page(workspace, { limit, ...(after === undefined ? {} : { after }), ...(documentId === undefined ? {} : { documentId }) });
        expect(page.passages.length).toBeLessThanOrEqual(limit);
        all.push(...page.passages);
        if (page.next === undefined) return all;
        after = page.next;
      }
    };
    const nearest = async (vector: Float32Array): Promise<string[]> => {
      const { passages } = await stack.index.searchVectors(workspace, { vector, k: 10 });
      return (await stack.index.passages(workspace, [...passages])).map(({ text }) => text);
    };

    it('gives every passage once, as it was written, and those of a document in their order', async () => {
      const texts = [...NILE.texts, ...ELBE.texts].sort();
      for (const limit of [1, 2, 100]) expect((await pages(limit)).map(({ content }) => content.text).sort()).toEqual(texts);
      const own = await pages(2, documentIdOf(workspace.uid, 'nile'));
      expect(own.map(({ ordinal, content }) => [ordinal, content.text])).toEqual(NILE.texts.map((text, i) => [i, text]));
      expect(own[0]).toMatchObject({ documentId: documentIdOf(workspace.uid, 'nile'), content: stagedChunks(workspace.uid, NILE)[0]?.content, position: { start: 0 } });
      expect(await pages(10, 'unknown')).toEqual([]);
    });

    it('forgets all vectors at once, and takes those of another model, of another length', async () => {
      const { indexVersion } = await stack.index.changesSince(workspace, 0);
      await stack.stored.dropVectors(workspace);
      expect((await stack.workspaces.stats(workspace)).embedding).toBeUndefined();
      expect(await nearest(X)).toEqual([]);
      expect((await stack.index.changesSince(workspace, indexVersion)).complete).toBe(false);
      const ids = stagedChunks(workspace.uid, NILE).map(({ id }) => id);
      await stack.stored.writeVectors(workspace, [{ id: ids[0] ?? '', vector: Float32Array.of(1, 0, 0) }, { id: 'unknown', vector: Float32Array.of(1, 0, 0) }], OTHER);
      await stack.stored.writeVectors(workspace, [{ id: ids[1] ?? '', vector: Float32Array.of(0, 1, 0), sentenceVectors: Float32Array.of(0, 1, 0, 0, 0, 1) }], OTHER);
      expect((await stack.workspaces.stats(workspace)).embedding).toEqual(OTHER);
      expect(await nearest(Float32Array.of(0, 1, 0))).toEqual([NILE.texts[1], NILE.texts[0]]);
      // Words find what they found before.
      expect((await stack.index.searchText(workspace, { words: ['elbe'], stems: [], k: 5 })).passages).toHaveLength(1);
    });

    it('replaces vectors that are there', async () => {
      const [first] = stagedChunks(workspace.uid, NILE);
      const space = (await stack.workspaces.stats(workspace)).embedding;
      if (space === undefined) throw new Error('no space');
      await stack.stored.writeVectors(workspace, [{ id: first?.id ?? '', vector: Y, sentenceVectors: Y }], space);
      expect(await nearest(X)).toEqual([NILE.texts[2], ...(await nearest(X)).slice(1)]);
      expect((await nearest(Y)).slice(0, 3)).toContain(NILE.texts[0]);
    });

    it('refuses vectors of another model beside those that are there', async () => {
      const [first] = stagedChunks(workspace.uid, NILE);
      await expect(stack.stored.writeVectors(workspace, [{ id: first?.id ?? '', vector: Float32Array.of(1, 0, 0) }], OTHER)).rejects.toMatchObject({ code: 'embedding-dimension-mismatch' });
    });

    it('touches no other workspace, and knows none that is not there', async () => {
      const other = await stack.workspace();
      await publishAll(stack, other, [NILE]);
      await stack.stored.dropVectors(workspace);
      expect((await stack.index.searchVectors(other, { vector: X, k: 5 })).passages).toHaveLength(3);
      await expect(stack.stored.page({ uid: 'never-made' }, { limit: 5 })).rejects.toMatchObject({ code: 'workspace-not-found' });
    });
  });
}
