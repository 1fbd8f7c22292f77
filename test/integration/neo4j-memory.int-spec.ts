import { Logger } from '@nestjs/common';
import { documentIdOf } from '../../src/graph/ids.types.ts';
import type { WorkspaceRef } from '../../src/graph/graph.types.ts';
import { type ChainOutput, RETRIEVE } from '../../src/retrieval/chain/retrieve.program.ts';
import { RETRIEVAL_DEFAULTS } from '../../src/retrieval/retrieval-config.ts';
import { publishAll, type TestDocument } from '../fixtures/graph-stack.ts';
import { type Neo4jGraphStack, neo4jStack } from '../fixtures/neo4j-graph-stack.ts';
import { describeWith, neo4jService } from '../fixtures/services.ts';

const DOCUMENTS: readonly TestDocument[] = [
  { id: 'bridge', title: 'Kerava Bridge', texts: ['Kerava Bridge was built by Aino Lampi in Turku.', 'It was opened by Otto Rask.'] },
  { id: 'lampi', title: 'Aino Lampi', texts: ['Aino Lampi was an engineer. She was married to Otto Rask of Vaasa.'] },
  { id: 'rask', title: 'Otto Rask', texts: ['Otto Rask was born in Vaasa and died in Turku.'] },
  { id: 'vaasa', title: 'Vaasa', texts: ['Vaasa is a town by the sea, where Aino Lampi went to school.'] },
];
const QUESTIONS = ['Where was the husband of the engineer of Kerava Bridge born?', 'Who opened Kerava Bridge?', 'Which town is by the sea?'];

/** What happens to the workspace between two rounds of questions, in another process. */
const CHANGES: readonly [what: string, change: (other: Neo4jGraphStack, workspace: WorkspaceRef) => Promise<unknown>][] = [
  ['nothing changed', () => Promise.resolve()],
  ['a document came that makes a run a name', (other, workspace) => publishAll(other, workspace, [{ id: 'turku', title: 'Turku', texts: ['Turku has a statue of Otto Rask.'] }])],
  ['a document says something else', (other, workspace) => publishAll(other, workspace, [{ id: 'rask', title: 'Otto Rask', texts: ['Otto Rask was born in Pori.', 'He knew Aino Lampi.'] }])],
  ['chunks changed places', (other, workspace) => publishAll(other, workspace, [{ id: 'rask', title: 'Otto Rask', texts: ['He knew Aino Lampi.', 'Otto Rask was born in Pori.'] }])],
  ['metadata changed', (other, workspace) => publishAll(other, workspace, [{ id: 'vaasa', title: 'Vaasa', texts: ['Vaasa is a town by the sea, where Aino Lampi went to school.'], metadata: { year: 1900 } }])],
  ['a document was deleted', (other, workspace) => other.writer.deleteDocuments(workspace, [documentIdOf(workspace.uid, 'lampi')])],
];

describeWith(await neo4jService(), 'What a process remembers of Neo4j', (address) => {
  const shared = `m${String(Date.now())}-`;
  let [stack, other]: Neo4jGraphStack[] = [];
  let workspace: WorkspaceRef;
  const open = (): Neo4jGraphStack => neo4jStack(address, { shared });

  const ask = async (of: Neo4jGraphStack, query: string): Promise<Omit<ChainOutput, 'ms'>> => {
    const { ms: _, ...found } = await of.programs.run(workspace, RETRIEVE, { query, k: 10, config: RETRIEVAL_DEFAULTS });
    return found;
  };
  const opened = (of: Neo4jGraphStack | undefined): Neo4jGraphStack => of ?? open();

  beforeAll(async () => {
    Logger.overrideLogger(['error', 'warn']);
    [stack, other] = [open(), open()];
    workspace = await other.workspace();
    await publishAll(other, workspace, DOCUMENTS);
  });
  afterAll(async () => {
    await stack?.close();
    await other?.close();
  });

  it.each(CHANGES)('answers as a new process does after %s', async (_, change) => {
    for (const query of QUESTIONS) await ask(opened(stack), query);
    await change(opened(other), workspace);
    const fresh = open();
    for (const query of QUESTIONS) expect(await ask(opened(stack), query)).toEqual(await ask(fresh, query));
    await fresh.close();
  });

  it('lets a question asked again cost one statement', async () => {
    const { connection } = opened(stack);
    for (const query of QUESTIONS) await ask(opened(stack), query);
    const before = connection.statements();
    for (const query of QUESTIONS) await ask(opened(stack), query);
    expect(connection.statements() - before).toBe(QUESTIONS.length);
  });
});
