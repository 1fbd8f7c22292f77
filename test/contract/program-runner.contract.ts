import type { PassageFilter, WorkspaceRef } from '../../src/graph/graph.types.ts';
import { PortProgramRunner } from '../../src/graph/port-program-runner.ts';
import type { ProgramRunner } from '../../src/graph/program-runner.port.ts';
import { type ChainOutput, RETRIEVE } from '../../src/retrieval/chain/retrieve.program.ts';
import { RETRIEVAL_DEFAULTS } from '../../src/retrieval/retrieval-config.ts';
import { COUNT, COUNT_AROUND, COUNTED, ECHO, GO_ON, type Luggage, SEARCH_VECTORS, THROW, UNKNOWN } from '../fixtures/look-up-programs.ts';
import { type GraphStack, publishAll, type TestDocument } from '../fixtures/graph-stack.ts';

const axis = (i: number): Float32Array => Float32Array.from({ length: 4 }, (_, j) => Number(i === j));
const DOCUMENTS: TestDocument[] = [
  { id: 'film', title: 'Night Harbour', texts: ['Night Harbour is a film directed by Ada Kern. It was shot in Oslo.'], metadata: { kind: 'film' }, vectors: [axis(0)], sentenceVectors: [[axis(0), axis(1)]] },
  { id: 'person', title: 'Ada Kern', texts: ['Ada Kern was born in Linz. She lives in Oslo.'], metadata: { kind: 'person' }, vectors: [axis(1)] },
  { id: 'city', title: 'Linz', texts: ['The city lies on the river. Its harbour is old.'], metadata: { kind: 'place' }, vectors: [axis(2)] },
  ...['b', 'a', 'c'].map((id) => ({ id: `equal-${id}`, title: 'Note', texts: ['A note on a harbour.'], metadata: { kind: 'note' }, vectors: [axis(3)] })),
];

const QUESTION = 'Who directed Night Harbour, and where was she born?';
const NO_FILM: PassageFilter = { metadata: { kind: { in: ['person', 'place', 'note'] } } };

/** A runner with the store it runs on. */
export interface RunnerSetup {
  readonly stack: GraphStack;
  readonly runner: ProgramRunner;
  /** The same store once more, as another process would have it. */
  readonly other?: GraphStack;
}

/**
 * What every ProgramRunner has to do.
 * @param manyStates why a run does not see one state, where it does not; that case is skipped with this reason
 */
export function describeProgramRunner(name: string, open: () => Promise<RunnerSetup>, manyStates?: string): void {
  describe(`ProgramRunner: ${name}`, () => {
    let setup: RunnerSetup;
    let workspace: WorkspaceRef;
    beforeAll(async () => {
      setup = await open();
      workspace = await setup.stack.workspace();
      await publishAll(setup.stack, workspace, DOCUMENTS);
    });
    afterAll(async () => {
      await setup.other?.close();
      await setup.stack.close();
    });

    const count = (of: WorkspaceRef = workspace, signal?: AbortSignal): Promise<number> => setup.runner.run(of, COUNT, 'oslo', { signal });

    describe('runs the chain of retrieval', () => {
      const asked: [what: string, given: { readonly query: string; readonly filter?: PassageFilter; readonly vector?: Float32Array }][] = [
        ['over words and names', { query: QUESTION }],
        ['under a filter', { query: QUESTION, filter: NO_FILM }],
        ['with a vector', { query: QUESTION, vector: axis(2) }],
        ['with a vector under a filter', { query: QUESTION, vector: axis(1), filter: NO_FILM }],
        ['without a word it could look for', { query: '🦊 of the' }],
      ];
      const retrieve = async (runner: ProgramRunner, given: (typeof asked)[number][1]): Promise<Omit<ChainOutput, 'ms'>> => {
        const { ms, ...found } = await runner.run(workspace, RETRIEVE, { ...given, k: 10, config: RETRIEVAL_DEFAULTS }, { searchesVectors: given.vector !== undefined });
        expect(Object.keys(ms)).toEqual(expect.arrayContaining(['lexical', 'names', 'read']));
        return found;
      };

      it.each(asked)('%s, with the answer it has over the ports', async (_, given) => {
        const found = await retrieve(setup.runner, given);
        expect(found).toEqual(await retrieve(new PortProgramRunner(setup.stack.index, setup.stack.graph), given));
        if (given.filter !== undefined) expect(found.passages.map(({ passage }) => passage.externalId)).not.toContain('film');
      });

      it('to the passages two hops away, equal ones by external id', async () => {
        const { passages } = await retrieve(setup.runner, { query: QUESTION });
        expect(passages.map(({ passage }) => passage.externalId)).toEqual(['film', 'person', 'city', 'equal-a', 'equal-b', 'equal-c']);
        expect(passages[2]?.via.graph?.paths.map(([, by]) => by)).toEqual(['ada kern', 'linz']);
      });
    });

    it('takes what can be cloned to the program and back', async () => {
      const luggage: Luggage = { bytes: Uint8Array.of(0, 255), map: new Map([['', 0]]), nothing: undefined, notANumber: Number.NaN };
      expect(await setup.runner.run(workspace, ECHO, luggage)).toEqual(luggage);
    });

    it('says when the workspace does not exist, or not any longer', async () => {
      const dropped = await setup.stack.workspaces.create('dropped');
      await publishAll(setup.stack, dropped, DOCUMENTS);
      expect(await count(dropped)).toBe(2);
      await setup.stack.workspaces.drop('dropped');
      await expect(count(dropped)).rejects.toMatchObject({ code: 'workspace-not-found' });
      await expect(count({ uid: 'never-made' })).rejects.toMatchObject({ code: 'workspace-not-found' });
    });

    it('rejects for a program that is not there', async () => {
      await expect(setup.runner.run(workspace, UNKNOWN, 'oslo')).rejects.toThrow('nothingOfThatName');
    });

    it.each([0, 1, 3])('rejects with what the program throws after %d look-ups, and has let go of the state it saw', async (after) => {
      const own = await setup.stack.workspace();
      await publishAll(setup.stack, own, DOCUMENTS.slice(0, 1));
      const all = async (work: () => Promise<unknown>): Promise<unknown[]> => await Promise.all(Array.from({ length: 4 }, work));
      await all(async () => { await expect(setup.runner.run(own, THROW, { after })).rejects.toThrow('out of luck'); });
      await publishAll(setup.stack, own, DOCUMENTS.slice(1));
      expect(await all(() => count(own))).toEqual([2, 2, 2, 2]);
    });

    it('rejects with the fault of a look-up', async () => {
      await expect(setup.runner.run(workspace, SEARCH_VECTORS, Float32Array.of(1), { searchesVectors: true })).rejects.toMatchObject({ code: 'embedding-dimension-mismatch' });
      expect(await setup.runner.run(workspace, SEARCH_VECTORS, axis(0))).toBe(5);
    });

    it('rejects with the signal’s reason, whether it was aborted before or meanwhile', async () => {
      const reason = new Error('enough');
      await expect(count(workspace, AbortSignal.abort(reason))).rejects.toBe(reason);
      await expect(setup.runner.run(workspace, ECHO, { bytes: new Uint8Array(), map: new Map(), nothing: undefined, notANumber: 0 }, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
      const controller = new AbortController();
      const running = count(workspace, controller.signal);
      controller.abort(reason);
      await expect(running).rejects.toBe(reason);
      expect(await count()).toBe(2);
    });

    const whenOneState = manyStates === undefined ? it : it.skip;
    whenOneState(`sees one state in all look-ups of a run, while another process publishes${manyStates === undefined ? '' : ` (skipped: ${manyStates})`}`, async () => {
      const flags = new Int32Array(new SharedArrayBuffer(8));
      const own = await setup.stack.workspace();
      await publishAll(setup.stack, own, DOCUMENTS.slice(0, 1));
      const running = setup.runner.run(own, COUNT_AROUND, { stem: 'oslo', flags });
      await Atomics.waitAsync(flags, COUNTED, 0).value;
      await publishAll(setup.other ?? setup.stack, own, DOCUMENTS.slice(1));
      Atomics.store(flags, GO_ON, 1);
      Atomics.notify(flags, GO_ON);
      expect(await running).toEqual([1, 1, 1, 1]);
      expect(await setup.runner.run(own, COUNT_AROUND, { stem: 'oslo', flags })).toEqual([2, 2, 2, DOCUMENTS.length]);
    });
  });
}
