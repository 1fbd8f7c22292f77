import { Logger } from '@nestjs/common';
import type { PassageFilter } from '../../src/graph/graph.types.ts';
import { RETRIEVE } from '../../src/retrieval/chain/retrieve.program.ts';
import { RETRIEVAL_DEFAULTS } from '../../src/retrieval/retrieval-config.ts';
import { fakeVectors } from '../fakes/fake-vectors.ts';
import { publishAll, type TestDocument } from '../fixtures/graph-stack.ts';
import { type Neo4jGraphStack, neo4jStack } from '../fixtures/neo4j-graph-stack.ts';
import { describeWith, neo4jService } from '../fixtures/services.ts';
import { readJsonLines, sharedDataMissing, sharedFile } from '../fixtures/shared-data.ts';

const DIMENSIONS = 16;
const PASSAGES = 400;
const QUESTIONS = 60;
/** What a retrieval may send to the server. */
const MOST_STATEMENTS = 7;

interface Line {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

describeWith(await neo4jService(), 'A retrieval on Neo4j', (address) => {
  const missing = sharedDataMissing();
  const when = missing === undefined ? it : it.skip;
  const asked: [what: string, given: { readonly withVector: boolean; readonly filter?: PassageFilter }][] = [
    ['words and names', { withVector: false }],
    ['vectors', { withVector: true }],
    ['vectors under a filter', { withVector: true, filter: { metadata: { half: 0 } } }],
  ];
  let stack: Neo4jGraphStack;
  let workspace: { readonly uid: string };
  const vectors = fakeVectors(PASSAGES, DIMENSIONS);

  beforeAll(async () => {
    Logger.overrideLogger(['error', 'warn']);
    stack = neo4jStack(address);
    workspace = await stack.workspace();
    if (missing !== undefined) return;
    const lines = readJsonLines<Line>(sharedFile('data', 'retrieval', 'hotpotqa', 'corpus.jsonl')).slice(0, PASSAGES);
    await publishAll(stack, workspace, lines.map(({ id, title, text }, i): TestDocument => ({ id, title, texts: [text], metadata: { half: i % 2 }, vectors: [vectors[i] ?? new Float32Array(DIMENSIONS)] })));
  }, 120_000);
  afterAll(async () => {
    await stack.close();
  });

  when.each(asked)(`by %s takes at most ${String(MOST_STATEMENTS)} statements${missing === undefined ? '' : ` (skipped: ${missing})`}`, async (_, { withVector, filter }) => {
    const questions = readJsonLines<{ readonly question: string }>(sharedFile('data', 'retrieval', 'hotpotqa', 'questions.jsonl')).slice(0, QUESTIONS);
    const counts: number[] = [];
    for (const [i, { question }] of questions.entries()) {
      const before = stack.connection.statements();
      const given = { query: question, k: 10, config: RETRIEVAL_DEFAULTS, ...(withVector ? { vector: vectors[i] ?? new Float32Array(DIMENSIONS) } : {}), ...(filter === undefined ? {} : { filter }) };
      const { passages } = await stack.programs.run(workspace, RETRIEVE, given, { searchesVectors: withVector });
      expect(passages).toHaveLength(10);
      counts.push(stack.connection.statements() - before);
    }
    expect(Math.max(...counts)).toBeLessThanOrEqual(MOST_STATEMENTS);
  }, 120_000);
});
