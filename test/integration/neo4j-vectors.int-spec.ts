import { Logger } from '@nestjs/common';
import { fakeVectors } from '../fakes/fake-vectors.ts';
import { publishAll, type TestDocument } from '../fixtures/graph-stack.ts';
import { type Neo4jGraphStack, neo4jStack } from '../fixtures/neo4j-graph-stack.ts';
import { describeWith, neo4jService } from '../fixtures/services.ts';

const DIMENSIONS = 32;
/** So many that the index proposes, and the adapter does not compare each. */
const PASSAGES = 4000;
const K = 20;
const QUESTIONS = 20;

const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

describeWith(await neo4jService(), 'Vectors by the thousand on Neo4j', (address) => {
  const all = fakeVectors(PASSAGES + QUESTIONS, DIMENSIONS);
  const passages = all.slice(0, PASSAGES);
  let stack: Neo4jGraphStack;
  let workspace: { readonly uid: string };

  beforeAll(async () => {
    Logger.overrideLogger(['error', 'warn']);
    stack = neo4jStack(address);
    workspace = await stack.workspace();
    const documents = passages.map((vector, i): TestDocument => ({ id: String(i), title: '', texts: [`Number ${String(i)}.`], metadata: { fifth: i % 5 }, vectors: [vector] }));
    await publishAll(stack, workspace, documents, 1000);
  }, 170_000);
  afterAll(async () => {
    await stack.close();
  });

  /** The share of the true nearest that are found, over all questions; the scores of what is found are exact. */
  async function recall(isAllowed: (i: number) => boolean, filter?: { readonly metadata: { readonly fifth: { readonly in: number[] } } }): Promise<number> {
    let found = 0;
    for (const vector of all.slice(PASSAGES)) {
      const hits = await stack.index.searchVectors(workspace, { vector, k: K, ...(filter === undefined ? {} : { filter }) });
      const ids = (await stack.index.passages(workspace, [...hits.passages])).map(({ externalId }) => Number(externalId));
      expect(ids).toHaveLength(K);
      expect(ids.filter((id) => !isAllowed(id))).toEqual([]);
      for (const [i, id] of ids.entries()) expect(hits.scores[i]).toBeCloseTo(dot(vector, passages[id] ?? new Float32Array()), 5);
      const near = passages.map((passage) => dot(vector, passage));
      const best = [...passages.keys()].filter(isAllowed).sort((a, b) => (near[b] ?? 0) - (near[a] ?? 0)).slice(0, K);
      found += ids.filter((id) => best.includes(id)).length;
    }
    return found / (K * QUESTIONS);
  }

  it('finds nearly all of the nearest', async () => {
    expect(await recall(() => true)).toBeGreaterThan(0.97);
  });

  it('finds them among many documents of a filter, and all of them among few', async () => {
    expect(await recall((i) => i % 5 > 0, { metadata: { fifth: { in: [1, 2, 3, 4] } } })).toBeGreaterThan(0.97);
    expect(await recall((i) => i % 5 === 0, { metadata: { fifth: { in: [0] } } })).toBe(1);
  });
});
