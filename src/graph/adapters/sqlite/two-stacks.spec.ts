import { temporaryFolder } from '../../../../test/fakes/temporary-folder.ts';
import { documentInput, publishAll, sqliteStack, stagedChunks, type TestDocument } from '../../../../test/fixtures/graph-stack.ts';

const document = (id: string, text: string): TestDocument => ({ id, title: id, texts: [text], vectors: [Float32Array.of(1, 0)] });

/** Two stores with threads of their own on one folder are to each other what two processes are. */
describe('Two stores on one data folder', () => {
  it('see each other’s changes at the next question, in text, names and vectors', async () => {
    const folder = await temporaryFolder();
    const [a, b] = [sqliteStack(folder.path), sqliteStack(folder.path)];
    try {
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
      // Each reader of b holds a memory of its own; all have to notice.
      for (let i = 0; i < 4; i += 1) expect(await count()).toEqual([2, 2, 2, 2]);
      expect(await b.workspaces.find('shared')).toEqual(workspace);
    } finally {
      await Promise.all([a.close(), b.close()]);
      await folder.remove();
    }
  });

  it('write at the same time without losing anything', async () => {
    const folder = await temporaryFolder();
    const stacks = [sqliteStack(folder.path), sqliteStack(folder.path)];
    try {
      const workspace = await (stacks[0] ?? sqliteStack()).workspaces.create('busy');
      await Promise.all(
        stacks.map((stack, s) => publishAll(stack, workspace, Array.from({ length: 20 }, (_, i) => document(`${String(s)}-${String(i)}`, `Text ${String(i)} of Oslo.`)), 2)),
      );
      const stats = await stacks[0]?.workspaces.stats(workspace);
      expect(stats).toMatchObject({ documents: 40, chunks: 40 });
    } finally {
      await Promise.all(stacks.map((stack) => stack.close()));
      await folder.remove();
    }
  });

  it('publish the same document at once: it is there once', async () => {
    const folder = await temporaryFolder();
    const [a, b] = [sqliteStack(folder.path), sqliteStack(folder.path)];
    try {
      const workspace = await a.workspaces.create('twice');
      const same = document('same', 'The same text.');
      const ingest = async (stack: typeof a): Promise<string[]> => {
        const [generation] = await stack.writer.begin(workspace, [documentInput(same)]);
        if (generation?.state !== 'open') return ['unchanged'];
        await stack.writer.writeBatch(workspace, [{ generation, chunks: stagedChunks(workspace.uid, same) }], { modelId: 't', dimensions: 2, semantic: true });
        const result = await stack.writer.publish(workspace, [generation]);
        return [...result.added.map(() => 'added'), ...result.unchanged.map(() => 'unchanged')];
      };
      const outcomes = await Promise.all([ingest(a), ingest(b)]);
      expect(outcomes.flat().sort()).toEqual(['added', 'unchanged']);
      expect(await a.workspaces.stats(workspace)).toMatchObject({ documents: 1, chunks: 1 });
    } finally {
      await Promise.all([a.close(), b.close()]);
      await folder.remove();
    }
  });
});
