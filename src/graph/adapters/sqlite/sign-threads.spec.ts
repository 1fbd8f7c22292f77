import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { fakeVectors } from '../../../../test/fakes/fake-vectors.ts';
import { publishAll, sqliteStack, type TestDocument } from '../../../../test/fixtures/graph-stack.ts';
import { documentIdOf } from '../../ids.types.ts';
import { SignIndex } from './sign-index.ts';

const STAYING = 200;

describe('An index of signs in several threads', () => {
  it('is searched while another thread adds and removes', async () => {
    const index = SignIndex.make(96, 100_000);
    for (let key = 1; key <= STAYING; key += 1) {
      index.add(key, [Float32Array.from({ length: 96 }, (_, i) => (((key * 2_654_435_761) >>> (i % 31)) & 1) * 2 - 1)]);
    }
    index.finish();
    const signal = new SharedArrayBuffer(4);
    const rounds = 200;
    const threads = (['build', 'search'] as const).map(
      (role) => new Worker(new URL('../../../../test/fixtures/sign-worker.ts', import.meta.url), { workerData: { memory: index.memory, signal, role, staying: STAYING, rounds } }),
    );
    try {
      await Promise.all(threads.map((thread) => once(thread, 'message')));
      const results = threads.map(async (thread) => ((await once(thread, 'message')) as unknown[])[0]);
      for (const thread of threads) thread.postMessage('go');
      const [built, searches] = await Promise.all(results);
      expect(built).toBe(rounds);
      expect(searches).toEqual(expect.any(Number));
    } finally {
      await Promise.all(threads.map((thread) => thread.terminate()));
    }
  }, 60_000);

  it('finds what is visible while documents come and go, with one index for all readers', async () => {
    const stack = sqliteStack();
    try {
      const workspace = await stack.workspace();
      const vectors = fakeVectors(1200, 32);
      const documents = vectors.map((vector, i): TestDocument => ({ id: `d${String(i)}`, title: '', texts: [`Number ${String(i)}.`], vectors: [vector] }));
      const visible = new Set<number>();
      const gone = new Set<number>();
      let ended = false;
      const ask = async (turn: number): Promise<void> => {
        const must = [...visible].filter((i) => i % 3 !== 0);
        const mustNot = [...gone];
        const asked = must[turn % must.length] ?? 1;
        const hits = await stack.index.searchVectors(workspace, { vector: vectors[asked] ?? new Float32Array(32), k: 3000 });
        const found = new Set((await stack.index.passages(workspace, [...hits.passages])).map(({ externalId }) => Number(externalId.slice(1))));
        expect(must.filter((i) => !found.has(i))).toEqual([]);
        expect(mustNot.filter((i) => found.has(i))).toEqual([]);
        expect(hits.scores[0]).toBeCloseTo(1, 5);
      };
      const asking = async (turn: number): Promise<void> => {
        for (let i = turn; !ended; i += 7) await ask(i);
      };
      await publishAll(stack, workspace, documents.slice(0, 100));
      for (let i = 0; i < 100; i += 1) visible.add(i);
      const askers = [0, 1, 2].map(asking);
      for (let round = 1; round < 12; round += 1) {
        await publishAll(stack, workspace, documents.slice(round * 100, round * 100 + 100));
        for (let i = round * 100; i < round * 100 + 100; i += 1) visible.add(i);
        const leaving = [...visible].filter((i) => i % 3 === 0 && i < round * 100);
        await stack.writer.deleteDocuments(workspace, leaving.map((i) => documentIdOf(workspace.uid, `d${String(i)}`)));
        for (const i of leaving) {
          visible.delete(i);
          gone.add(i);
        }
      }
      ended = true;
      await Promise.all(askers);
      await ask(1);
      expect(stack.signs.count).toBe(1);
      expect(stack.signs.bytes).toBeLessThan(100_000);
    } finally {
      await stack.close();
    }
  }, 60_000);

  it('is gone with its workspace', async () => {
    const stack = sqliteStack();
    try {
      const workspace = await stack.workspaces.create('short-lived');
      await publishAll(stack, workspace, [{ id: 'a', title: '', texts: ['A.'], vectors: [Float32Array.of(1, 0)] }]);
      await stack.index.searchVectors(workspace, { vector: Float32Array.of(1, 0), k: 1 });
      expect(stack.signs.count).toBe(1);
      await stack.workspaces.drop('short-lived');
      expect(stack.signs.count).toBe(0);
      await expect(stack.index.searchVectors(workspace, { vector: Float32Array.of(1, 0), k: 1 })).rejects.toMatchObject({ code: 'workspace-not-found' });
    } finally {
      await stack.close();
    }
  });
});
