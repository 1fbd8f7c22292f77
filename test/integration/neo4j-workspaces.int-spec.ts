import { setImmediate } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { HeldPassages } from '../../src/graph/adapters/neo4j/held-passages.ts';
import { stage } from '../../src/graph/adapters/neo4j/staging.ts';
import type { Workspace } from '../../src/graph/graph.types.ts';
import { documentInput, publishAll, stagedChunks, type TestDocument } from '../fixtures/graph-stack.ts';
import { type Neo4jGraphStack, neo4jStack } from '../fixtures/neo4j-graph-stack.ts';
import { describeWith, neo4jService } from '../fixtures/services.ts';

const MANY = 100;
/** Made and filled at once. */
const AT_ONCE = 4;

const SPACE = { modelId: 'test', dimensions: 4, semantic: true };
const numbered = (i: number): TestDocument => ({
  id: 'only',
  title: `Town ${String(i)}`,
  texts: [`Ada Kern built the bridge of Town ${String(i)}.`],
  vectors: [Float32Array.of(1, 0, 0, 0)],
});

async function inTurns(count: number, work: (i: number) => Promise<void>): Promise<void> {
  let next = 0;
  const turn = async (): Promise<void> => {
    for (let i = next++; i < count; i = next++) await work(i);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, turn));
}

describeWith(await neo4jService(), 'Workspaces on Neo4j', (address) => {
  let stack: Neo4jGraphStack;
  beforeAll(() => {
    Logger.overrideLogger(['error', 'warn']);
    stack = neo4jStack(address);
  });
  afterAll(async () => {
    await stack.close();
  });

  const indexesOf = async ({ uid }: { readonly uid: string }): Promise<string[]> =>
    (await stack.connection.read<{ name: string }>('SHOW INDEXES YIELD name WHERE name ENDS WITH $uid RETURN name ORDER BY name', { uid })).map(({ name }) => name);
  const nodesOf = async ({ uid }: { readonly uid: string }): Promise<number> =>
    (await stack.connection.read<{ n: number }>('MATCH (n) WHERE n.workspace = $uid RETURN count(n) AS n', { uid }))[0]?.n ?? -1;

  it(`${String(MANY)} of them each find their own and nothing of others, and leave nothing behind`, async () => {
    const workspaces: Workspace[] = [];
    await inTurns(MANY, async (i) => {
      const workspace = await stack.workspaces.create(`many-${String(i)}`);
      workspaces[i] = workspace;
      await publishAll(stack, workspace, [numbered(i)]);
    });
    await inTurns(MANY, async (i) => {
      const workspace = workspaces[i] ?? { uid: '' };
      const text = await stack.index.searchText(workspace, { words: ['bridge'], stems: ['bridg'], k: 50 });
      const dense = await stack.index.searchVectors(workspace, { vector: Float32Array.of(1, 0, 0, 0), k: 50 });
      const { names } = await stack.graph.namesIn(workspace, { ngrams: [`town ${String(i)}`, `town ${String(i + 1)}`], near: [] });
      expect([text.passages.length, text.passageCount, dense.passages.length, names.norms]).toEqual([1, 1, 1, [`town ${String(i)}`]]);
    });
    expect(await indexesOf(workspaces[0] ?? { uid: '' })).toHaveLength(2);
    await inTurns(MANY, async (i) => {
      expect(await stack.workspaces.drop(`many-${String(i)}`)).toBe(true);
    });
    for (const workspace of workspaces) expect([await indexesOf(workspace), await nodesOf(workspace)]).toEqual([[], 0]);
  }, 400_000);

  it('what is staged while a workspace is dropped goes with it', async () => {
    const workspace = await stack.workspaces.create('dropped-meanwhile');
    const [generation] = await stack.writer.begin(workspace, [documentInput(numbered(1))]);
    const parts = [{ generation: generation?.id ?? '', chunks: stagedChunks(workspace.uid, { id: 'only', title: 'Long Story', texts: Array.from({ length: 50 }, (_, i) => `Part ${String(i)}.`) }) }];
    const [staged, dropping] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const writing = stack.connection.write(async (transaction) => {
      await stage(transaction, workspace, { parts, dimensions: 0, held: new HeldPassages() });
      staged.resolve(undefined);
      await dropping.promise;
    });
    await staged.promise;
    const dropped = stack.workspaces.drop('dropped-meanwhile');
    // The drop has come to the generation, on which the writer holds a lock.
    const blocked = `SHOW TRANSACTIONS YIELD status, currentQuery WHERE status STARTS WITH 'Blocked' AND currentQuery CONTAINS $uid RETURN status`;
    while ((await stack.connection.read(blocked, { uid: workspace.uid })).length === 0) await setImmediate();
    dropping.resolve(undefined);
    await writing;
    expect(await dropped).toBe(true);
    expect(await nodesOf(workspace)).toBe(0);
  });

  it('every node has the label and the uid of its workspace', async () => {
    const workspace = await stack.workspace();
    const relation = { source: 'Ada Kern', target: 'Ulm', type: 'built', description: '' };
    const extraction = { entities: [{ name: 'Ada Kern', type: 'person', description: '', aliases: ['A. Kern'] }], relations: [relation] };
    const document = { ...numbered(1), extractions: [extraction], sentenceVectors: [[Float32Array.of(0, 1, 0, 0)]] };
    await publishAll(stack, workspace, [document]);
    const [generation] = await stack.writer.begin(workspace, [{ ...documentInput(document), contentHash: 'other' }]);
    if (generation === undefined) throw new Error('no generation');
    await stack.writer.writeBatch(workspace, [{ generation, chunks: stagedChunks(workspace.uid, document) }], SPACE);
    const label = `W_${workspace.uid}`;
    const rows = await stack.connection.read<{ labels: string[] }>('MATCH (n) WHERE n.workspace = $uid OR $label IN labels(n) RETURN DISTINCT labels(n) AS labels', { uid: workspace.uid, label });
    const kinds = rows.flatMap(({ labels }) => labels).filter((each) => !each.endsWith(workspace.uid));
    expect([...new Set(kinds)].sort()).toEqual(['Alias', 'Change', 'Chunk', 'Document', 'Entity', 'Generation', 'Name', 'Relation', 'Sentence', 'StagedChunk', 'Term', 'Workspace']);
    for (const { labels } of rows) expect(labels).toContain(label);
    const unlabelled = 'MATCH (n) WHERE $label IN labels(n) AND (n.workspace IS NULL OR n.workspace <> $uid) RETURN count(n) AS n';
    expect(await stack.connection.read(unlabelled, { label, uid: workspace.uid })).toEqual([{ n: 0 }]);
  });

  it('refuse a vector index of another dimension, name the way out, and drop nothing', async () => {
    const workspace = await stack.workspace();
    const name = `graphrag_vector_${workspace.uid}`;
    await stack.connection.schema([
      `CREATE VECTOR INDEX \`${name}\` IF NOT EXISTS FOR (n:\`S_${workspace.uid}\`) ON (n.vector) OPTIONS {indexConfig: {\`vector.dimensions\`: 3, \`vector.similarity_function\`: 'cosine'}}`,
    ]);
    await expect(publishAll(stack, workspace, [numbered(1)])).rejects.toMatchObject({ code: 'embedding-dimension-mismatch', remedy: expect.stringContaining('reindex') });
    expect(await indexesOf(workspace)).toContain(name);
  });
});
