import { Logger } from '@nestjs/common';
import { describeDocumentWriter } from '../contract/document-writer.contract.ts';
import { describeKnowledgeGraph } from '../contract/knowledge-graph.contract.ts';
import { describeOrderIndependence, ON_A_SERVER } from '../contract/order-independence.contract.ts';
import { describePassageIndex } from '../contract/passage-index.contract.ts';
import { describeProgramRunner } from '../contract/program-runner.contract.ts';
import { describeSentenceVectors } from '../contract/sentence-vectors.contract.ts';
import { describeStoredEntities } from '../contract/stored-entities.contract.ts';
import { describeStoredPassages } from '../contract/stored-passages.contract.ts';
import { describeTwoStores } from '../contract/two-stores.contract.ts';
import { describeWorkspaceStore } from '../contract/workspace-store.contract.ts';
import type { GraphStack } from '../fixtures/graph-stack.ts';
import { neo4jStack, WorkspaceStock } from '../fixtures/neo4j-graph-stack.ts';
import { describeWith, neo4jService } from '../fixtures/services.ts';

/** Of the histories that the embedded store is tried with. */
const TRIES = 0.2;
/** As many workspaces as the suites take. */
const STOCK = 150;

describeWith(await neo4jService(), 'The graph on Neo4j', (address) => {
  let stock: WorkspaceStock;
  beforeAll(async () => {
    Logger.overrideLogger(['error', 'warn']);
    stock = new WorkspaceStock(address, STOCK);
    await stock.ready();
  }, 120_000);
  afterAll(async () => {
    await stock.drop();
  }, 60_000);
  const open = (): Promise<GraphStack> => Promise.resolve(neo4jStack(address, { stock }));
  describeWorkspaceStore('Neo4j', open);
  describeDocumentWriter('Neo4j', open);
  describePassageIndex('Neo4j', open);
  describeSentenceVectors('Neo4j', open, TRIES);
  describeKnowledgeGraph('Neo4j', open);
  describeStoredEntities('Neo4j', open);
  describeStoredPassages('Neo4j', open);
  describeProgramRunner('Neo4j', () => {
    const shared = `r${String(Date.now())}-`;
    const [stack, other] = [neo4jStack(address, { shared }), neo4jStack(address, { shared })];
    return Promise.resolve({ stack, runner: stack.programs, other });
  }, 'a look-up is a statement with a transaction of its own');
  describeTwoStores('Neo4j', () => {
    const shared = `p${String(Date.now())}-`;
    const [a, b] = [neo4jStack(address, { shared }), neo4jStack(address, { shared })];
    const close = async (): Promise<void> => {
      await a.close();
      await b.close();
    };
    return Promise.resolve({ a, b, close });
  });
  describeOrderIndependence('Neo4j', open, ON_A_SERVER);
});
