import { describeDocumentWriter } from '../../../../test/contract/document-writer.contract.ts';
import { describeStoredEntities } from '../../../../test/contract/stored-entities.contract.ts';
import { describeStoredPassages } from '../../../../test/contract/stored-passages.contract.ts';
import { describeOrderIndependence } from '../../../../test/contract/order-independence.contract.ts';
import { describeKnowledgeGraph } from '../../../../test/contract/knowledge-graph.contract.ts';
import { describePassageIndex } from '../../../../test/contract/passage-index.contract.ts';
import { describeProgramRunner } from '../../../../test/contract/program-runner.contract.ts';
import { describeSentenceVectors } from '../../../../test/contract/sentence-vectors.contract.ts';
import { describeTwoStores } from '../../../../test/contract/two-stores.contract.ts';
import { describeWorkspaceStore } from '../../../../test/contract/workspace-store.contract.ts';
import { temporaryFolder } from '../../../../test/fakes/temporary-folder.ts';
import { type GraphStack, sqliteStack } from '../../../../test/fixtures/graph-stack.ts';

const open = (): Promise<GraphStack> => Promise.resolve(sqliteStack());

describeDocumentWriter('SQLite', open);
describeStoredEntities('SQLite', open);
describeStoredPassages('SQLite', open);
describePassageIndex('SQLite', open);
describeSentenceVectors('SQLite', open);
describeKnowledgeGraph('SQLite', open);
describeOrderIndependence('SQLite', open);
describeWorkspaceStore('SQLite', open);
describeProgramRunner('SQLite', async () => {
  const folder = await temporaryFolder();
  const [stack, other] = [sqliteStack(folder.path), sqliteStack(folder.path)];
  const close = async (): Promise<void> => {
    await stack.close();
    await folder.remove();
  };
  return { stack: { ...stack, close }, runner: stack.programs, other };
});
describeTwoStores('SQLite', async () => {
  // Two stores with threads of their own on one folder are to each other what two processes are.
  const folder = await temporaryFolder();
  const [a, b] = [sqliteStack(folder.path), sqliteStack(folder.path)];
  const close = async (): Promise<void> => {
    await Promise.all([a.close(), b.close()]);
    await folder.remove();
  };
  return { a, b, close };
});
