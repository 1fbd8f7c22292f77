import { DocumentWriter } from '../../src/graph/document-writer.port.ts';
import { WorkspaceService } from '../../src/graph/workspace.service.ts';
import { publishAll, type TestDocument } from '../fixtures/graph-stack.ts';
import { type RunningApp, startApp } from './start-app.ts';

interface Found {
  readonly passages: readonly { readonly externalId: string; readonly score: number; readonly via: object }[];
  readonly timings: { readonly total: number; readonly counts: Readonly<Record<string, number>> };
}

const MANY = 10_000;
const numbered = (count: number, document: (i: number) => Omit<TestDocument, 'id'>): TestDocument[] =>
  // Not in the order of their ids.
  Array.from({ length: count }, (_, i) => (i * 7919) % count).map((i) => ({ id: `n${String(i).padStart(5, '0')}`, ...document(i) }));
const first = (count: number): string[] => Array.from({ length: count }, (_, i) => `n${String(i).padStart(5, '0')}`);

describe('POST /retrieve over libraries nobody hoped for', () => {
  let running: RunningApp;
  beforeAll(async () => {
    running = await startApp();
  });
  afterAll(() => running.close());

  async function library(slug: string, documents: readonly TestDocument[]): Promise<void> {
    const workspace = await running.app.get(WorkspaceService, { strict: false }).create(slug);
    await publishAll({ writer: running.app.get(DocumentWriter, { strict: false }) }, workspace, documents, 2000);
  }
  async function retrieve(workspace: string, query: string, more: object = {}): Promise<Found> {
    const { body, status } = await running.call('post', '/retrieve').send({ query, workspace, ...more });
    expect([status, body]).toEqual([200, expect.anything()]);
    return body as Found;
  }
  const idsOf = ({ passages }: Found): string[] => passages.map(({ externalId }) => externalId);

  it('finds nothing where there is nothing', async () => {
    await library('none', []);
    expect(await retrieve('none', 'Who built the bridge of Ulm?')).toMatchObject({ passages: [], timings: { counts: { read: 0 } } });
  });

  it('finds the only passage there is, or nothing', async () => {
    await library('one', [{ id: 'only', title: 'Bridge of Ulm', texts: ['Ada Kern built the bridge of Ulm.'] }]);
    expect(idsOf(await retrieve('one', 'Who built the bridge of Ulm?', { k: 100 }))).toEqual(['only']);
    expect(idsOf(await retrieve('one', 'Where does tea grow?'))).toEqual([]);
  });

  it('gives k of ten thousand identical passages, the first by external id, and the same at each question', async () => {
    await library('same', numbered(MANY, () => ({ title: 'Bridge of Ulm', texts: ['Ada Kern built the bridge of Ulm.'] })));
    for (const query of ['Who built the bridge of Ulm?', 'ada kern']) {
      for (const k of [1, 8]) expect(idsOf(await retrieve('same', query, { k }))).toEqual(first(k));
      // The walk leads from a passage to others, never to itself: those it starts from at the second hop come behind the others.
      const hundred = idsOf(await retrieve('same', query, { k: 100 }));
      expect(hundred.slice(0, 8)).toEqual(first(8));
      expect(new Set(hundred).size).toBe(100);
      expect(idsOf(await retrieve('same', query, { k: 100 }))).toEqual(hundred);
    }
  }, 120_000);

  it('finds what is asked about where a name occurs in every passage', async () => {
    await library('everywhere', numbered(1500, (i) => ({ title: `Report ${String(i)}`, texts: [`Ada Kern wrote this report${i === 700 ? ' on tea in Ceylon' : ''}. Number ${String(i)}.`] })));
    expect(idsOf(await retrieve('everywhere', 'What did Ada Kern write on tea?'))[0]).toBe('n00700');
    expect(idsOf(await retrieve('everywhere', 'Ada Kern', { k: 5 }))).toHaveLength(5);
  }, 60_000);

  it('finds what is asked about where all titles are the same', async () => {
    await library('titles', numbered(1500, (i) => ({ title: 'Minutes', texts: [`Item ${String(i)} was closed${i === 300 ? ' by Karl Lindt in Ceylon' : ''}.`] })));
    expect(idsOf(await retrieve('titles', 'What did the Minutes say of Karl Lindt?'))[0]).toBe('n00300');
    expect(idsOf(await retrieve('titles', 'Minutes', { k: 5 }))).toEqual(first(5));
  }, 60_000);

  it('finds nothing under a filter that leaves nothing', async () => {
    for (const filter of [{ externalIds: [] }, { externalIds: ['nowhere'] }, { from: '2999-01-01' }, { metadata: { colour: { in: [] } } }]) {
      expect(await retrieve('everywhere', 'What did Ada Kern write on tea?', { filter })).toMatchObject({ passages: [], timings: { counts: { read: 0 } } });
    }
  });

  it('answers, or says that the workspace is gone, while it is dropped', async () => {
    const outcomes = new Map<string, number>();
    const ask = async (): Promise<void> => {
      const { status, body } = await running.call('post', '/retrieve').send({ query: 'Who built the bridge of Ulm?', workspace: 'going' });
      const answer = body as { readonly code?: string; readonly passages?: readonly object[] };
      const outcome = `${String(status)} ${answer.code ?? String(answer.passages?.length)}`;
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    };
    for (let round = 0; round < 5; round += 1) {
      await library('going', numbered(30, (i) => ({ title: `Bridge ${String(i)}`, texts: [`Ada Kern built the bridge of Ulm and ${String(i)} others.`] })));
      const early = Array.from({ length: 30 }, ask);
      await early[round];
      const dropped = running.app.get(WorkspaceService, { strict: false }).drop('going');
      await Promise.all([...early, dropped, ...Array.from({ length: 30 }, ask)]);
    }
    expect([...outcomes.keys()].filter((outcome) => !['200 8', '404 workspace-not-found'].includes(outcome))).toEqual([]);
    expect(outcomes.size).toBe(2);
    expect(idsOf(await retrieve('one', 'bridge'))).toEqual(['only']);
  }, 60_000);
});
