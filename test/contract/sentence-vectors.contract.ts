import fc from 'fast-check';
import type { PassageFilter, WorkspaceRef } from '../../src/graph/graph.types.ts';
import { documentIdOf } from '../../src/graph/ids.types.ts';
import { fakeVectors } from '../fakes/fake-vectors.ts';
import { documentInput, type GraphStack, publishAll, stagedChunks, type TestDocument } from '../fixtures/graph-stack.ts';

const DIMENSIONS = 64;
/** How far rounding may move a score. */
const ROUNDING = 0.005;

const axis = (i: number): Float32Array => Float32Array.from({ length: 8 }, (_, j) => Number(i === j));
const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
const TALK: TestDocument = { id: 'talk', title: 'Talk', texts: ['Long and winding.'], vectors: [axis(0)], sentenceVectors: [[axis(1), axis(2)]], metadata: { kind: 'talk' } };
const NOTES: TestDocument[] = [3, 4, 5].map((i) => ({ id: `note-${String(i)}`, title: 'Note', texts: [`Short ${String(i)}.`], vectors: [axis(i)], metadata: { kind: 'note' } }));

interface Vectors {
  readonly own: Float32Array;
  readonly sentences: readonly Float32Array[];
}

function score(asked: Float32Array, { own, sentences }: Vectors): number {
  const cosine = dot(asked, own);
  return (cosine + (sentences.length === 0 ? cosine : Math.max(...sentences.map((each) => dot(asked, each))))) / 2;
}

/**
 * What every adapter does with vectors of passages and of their sentences, from staging to search.
 * @param tries how many histories are tried, as a share of those an embedded store is
 */
export function describeSentenceVectors(name: string, open: () => Promise<GraphStack>, tries = 1): void {
  describe(`Vectors of sentences: ${name}`, () => {
    let stack: GraphStack;
    let workspace: WorkspaceRef;
    beforeEach(async () => {
      stack = await open();
      workspace = await stack.workspace();
    });
    afterEach(async () => {
      await stack.close();
    });

    const search = async (vector: Float32Array, filter?: PassageFilter): Promise<[externalId: string, score: number][]> => {
      const hits = await stack.index.searchVectors(workspace, { vector, k: 50, ...(filter === undefined ? {} : { filter }) });
      const passages = await stack.index.passages(workspace, [...hits.passages]);
      expect(await stack.index.similarities(workspace, vector, [...hits.passages])).toEqual(hits.scores);
      return passages.map((passage, i) => [passage.externalId, hits.scores[i] ?? Number.NaN]);
    };

    it('find their passage, which counts the mean of its own and its best sentence’s cosine', async () => {
      await publishAll(stack, workspace, [TALK, ...NOTES]);
      const [[first, value] = ['', 0]] = await search(axis(2));
      expect(first).toBe('talk');
      expect(Math.abs(value - 0.5)).toBeLessThan(ROUNDING);
      const own = new Map(await search(axis(0)));
      expect(Math.abs((own.get('talk') ?? 0) - 0.5)).toBeLessThan(ROUNDING);
      expect(new Map(await search(axis(4))).get('note-4')).toBeCloseTo(1, 6);
    });

    it('count within a filter only', async () => {
      await publishAll(stack, workspace, [TALK, ...NOTES]);
      expect((await search(axis(1), { metadata: { kind: 'note' } })).map(([id]) => id)).not.toContain('talk');
      expect((await search(axis(1), { metadata: { kind: 'talk' } })).map(([id]) => id)).toEqual(['talk']);
    });

    it('live exactly as long as their passage', async () => {
      await publishAll(stack, workspace, [TALK, ...NOTES]);
      await search(axis(1));
      await publishAll(stack, workspace, [{ ...TALK, texts: ['Quite another talk.'], sentenceVectors: [[axis(7)]] }]);
      expect((await search(axis(1))).find(([id]) => id === 'talk')?.[1]).toBeCloseTo(0, 6);
      expect((await search(axis(7)))[0]?.[0]).toBe('talk');
      await stack.writer.deleteDocuments(workspace, [documentIdOf(workspace.uid, 'talk')]);
      expect((await search(axis(7))).map(([id]) => id)).not.toContain('talk');
    });

    it('stay with a chunk that is staged as known', async () => {
      await publishAll(stack, workspace, [TALK]);
      const [generation] = await stack.writer.begin(workspace, [{ ...documentInput(TALK), contentHash: 'moved' }]);
      if (generation === undefined) throw new Error('no generation');
      const chunks = stagedChunks(workspace.uid, TALK).map(({ id, position, ordinal }) => ({ id, position, ordinal }));
      await stack.writer.writeBatch(workspace, [{ generation, chunks }]);
      await stack.writer.publish(workspace, [generation]);
      expect((await search(axis(2)))[0]?.[1]).toBeCloseTo(0.5, 2);
    });

    it('must have the dimensions of the workspace', async () => {
      const [generation] = await stack.writer.begin(workspace, [documentInput(TALK)]);
      if (generation === undefined) throw new Error('no generation');
      const chunks = stagedChunks(workspace.uid, TALK).map((chunk) => ({ ...chunk, sentenceVectors: new Float32Array(12) }));
      const space = { modelId: 'test', dimensions: 8, semantic: true };
      await expect(stack.writer.writeBatch(workspace, [{ generation, chunks }], space)).rejects.toMatchObject({ code: 'embedding-dimension-mismatch' });
    });

    it('give the true order, whatever changed before the question', async () => {
      const vectors = fakeVectors(400, DIMENSIONS);
      const step = fc.record({ id: fc.integer({ min: 0, max: 30 }), content: fc.option(fc.record({ own: fc.nat(399), sentences: fc.array(fc.nat(399), { maxLength: 3 }) })), asks: fc.boolean() });
      const vector = (i: number): Float32Array => vectors[i] ?? new Float32Array(DIMENSIONS);
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 20 }), fc.nat(399), async (steps, question) => {
          workspace = await stack.workspace();
          const visible = new Map<string, Vectors>();
          const check = async (): Promise<void> => {
            const found = await search(vector(question));
            expect(found.map(([id]) => id).sort()).toEqual([...visible.keys()].sort());
            for (const [id, value] of found) expect(Math.abs(value - score(vector(question), visible.get(id) ?? { own: new Float32Array(), sentences: [] }))).toBeLessThan(ROUNDING);
            expect(found.map(([, value]) => value)).toEqual(found.map(([, value]) => value).sort((a, b) => b - a));
          };
          for (const [i, { id: number, content, asks }] of steps.entries()) {
            const id = `d${String(number)}`;
            visible.delete(id);
            if (content === null) await stack.writer.deleteDocuments(workspace, [documentIdOf(workspace.uid, id)]);
            else {
              const own = vector(content.own);
              const sentences = content.sentences.map(vector);
              visible.set(id, { own, sentences });
              await publishAll(stack, workspace, [{ id, title: id, texts: [`Content ${String(i)}.`], vectors: [own], sentenceVectors: [sentences] }]);
            }
            if (asks) await check();
          }
          await check();
        }),
        { numRuns: Math.ceil(15 * tries) },
      );
    }, 120_000);
  });
}
