import { documentInput, type GraphStack, publishAll, stagedChunks, type TestDocument } from '../fixtures/graph-stack.ts';

const document = (id: string, text: string): TestDocument => ({ id, title: id, texts: [text], vectors: [Float32Array.of(1, 0)] });

/** One store, as two processes have it. */
export interface TwoStores {
  readonly a: GraphStack;
  readonly b: GraphStack;
  readonly close: () => Promise<void>;
}

/** What holds between two processes on one store. */
export function describeTwoStores(name: string, open: () => Promise<TwoStores>): void {
  describe(`Two processes: ${name}`, () => {
    let stores: TwoStores;
    beforeEach(async () => {
      stores = await open();
    });
    afterEach(async () => {
      await stores.close();
    });

    it('see each other’s changes at the next question, in text, names and vectors', async () => {
      const { a, b } = stores;
      const workspace = await a.workspaces.create('shared');
      await publishAll(a, workspace, [document('one', 'Anna lives in Oslo.')]);
      const count = async (): Promise<number[]> => {
        const hits = await b.index.searchText(workspace, { words: ['oslo'], stems: ['oslo'], k: 9 });
        const vectors = await b.index.searchVectors(workspace, { vector: Float32Array.of(1, 0), k: 9 });
        const { names } = await b.graph.namesIn(workspace, { ngrams: ['oslo'], near: [] });
        return [hits.passages.length, hits.stemFrequencies[0] ?? 0, vectors.passages.length, names.frequencies[0] ?? 0];
      };
      expect(await count()).toEqual([1, 1, 1, 1]);
      await publishAll(a, workspace, [document('two', 'Karl moved to Oslo.')]);
      // Each reader of b may hold a memory of its own; all have to notice.
      for (let i = 0; i < 4; i += 1) expect(await count()).toEqual([2, 2, 2, 2]);
      expect(await b.workspaces.find('shared')).toEqual(workspace);
    });

    it('match names that the other one made', async () => {
      const { a, b } = stores;
      const workspace = await a.workspaces.create('names');
      await publishAll(a, workspace, [document('first', 'Nothing of note.')]);
      await publishAll(b, workspace, [document('Anna Berger', 'She lives there.')]);
      await publishAll(a, workspace, [document('second', 'They met Anna Berger again.')]);
      const { names } = await b.graph.namesIn(workspace, { ngrams: ['anna berger'], near: [] });
      expect([names.frequencies[0], names.mentionPassages.values.length]).toEqual([2, 1]);
    });

    it('write at the same time without losing anything', async () => {
      const both = [stores.a, stores.b];
      const workspace = await stores.a.workspaces.create('busy');
      await Promise.all(
        both.map((stack, s) => publishAll(stack, workspace, Array.from({ length: 20 }, (_, i) => document(`${String(s)}-${String(i)}`, `Text ${String(i)} of Oslo.`)), 2)),
      );
      expect(await stores.a.workspaces.stats(workspace)).toMatchObject({ documents: 40, chunks: 40, indexVersion: 20 });
    });

    it('publish the same document at once: it is there once', async () => {
      const { a, b } = stores;
      const workspace = await a.workspaces.create('twice');
      const same = document('same', 'The same text.');
      const ingest = async (stack: GraphStack): Promise<string[]> => {
        const [generation] = await stack.writer.begin(workspace, [documentInput(same)]);
        if (generation?.state !== 'open') return ['unchanged'];
        await stack.writer.writeBatch(workspace, [{ generation, chunks: stagedChunks(workspace.uid, same) }], { modelId: 't', dimensions: 2, semantic: true });
        const result = await stack.writer.publish(workspace, [generation]);
        return [...result.added.map(() => 'added'), ...result.unchanged.map(() => 'unchanged')];
      };
      const outcomes = await Promise.all([ingest(a), ingest(b)]);
      expect(outcomes.flat().sort()).toEqual(['added', 'unchanged']);
      expect(await a.workspaces.stats(workspace)).toMatchObject({ documents: 1, chunks: 1 });
    });
  });
}
