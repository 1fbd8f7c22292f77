import { Logger } from '@nestjs/common';
import type { StagedChunk } from '../../src/graph/graph.types.ts';
import { documentIdOf } from '../../src/graph/ids.types.ts';
import { documentInput, stagedChunks, type TestDocument } from '../fixtures/graph-stack.ts';
import { neo4jStack } from '../fixtures/neo4j-graph-stack.ts';
import { describeWith, neo4jService } from '../fixtures/services.ts';

const CHUNKS = 10_500;
const BATCH = 1000;

describeWith(await neo4jService(), 'A document of more than 10,000 chunks on Neo4j', (address) => {
  it('is staged in parts, becomes visible whole, and leaves nothing behind', async () => {
    Logger.overrideLogger(['error', 'warn']);
    const stack = neo4jStack(address);
    try {
      const workspace = await stack.workspace();
      const texts = Array.from({ length: CHUNKS }, (_, i) => `Part ${String(i)}: Anna Kern came to Town ${String(i % 300)}.`);
      const document: TestDocument = { id: 'long', title: 'Long Story', texts };
      const [generation] = await stack.writer.begin(workspace, [documentInput(document)]);
      if (generation === undefined) throw new Error('no generation');
      const chunks: StagedChunk[] = stagedChunks(workspace.uid, document);
      for (let i = 0; i < CHUNKS; i += BATCH) await stack.writer.writeBatch(workspace, [{ generation, chunks: chunks.slice(i, i + BATCH) }]);
      expect(await stack.workspaces.stats(workspace)).toMatchObject({ documents: 0, chunks: 0, names: 0 });
      await stack.writer.publish(workspace, [generation]);
      expect(await stack.workspaces.stats(workspace)).toMatchObject({ documents: 1, chunks: CHUNKS, indexVersion: 1 });
      const { names } = await stack.graph.namesIn(workspace, { ngrams: ['anna kern', 'town 7'], near: [] });
      expect([...names.frequencies]).toEqual([CHUNKS, CHUNKS / 300]);
      await stack.writer.deleteDocuments(workspace, [documentIdOf(workspace.uid, 'long')]);
      const left = 'MATCH (n) WHERE n.workspace = $uid RETURN DISTINCT labels(n)[0] AS label ORDER BY label';
      expect(await stack.connection.read(left, { uid: workspace.uid })).toEqual([{ label: 'Change' }, { label: 'Workspace' }]);
    } finally {
      await stack.close();
    }
  }, 170_000);
});
