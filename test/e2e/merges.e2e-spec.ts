import { KnowledgeGraph } from '../../src/graph/knowledge-graph.port.ts';
import { WorkspaceStore } from '../../src/graph/workspace-store.port.ts';
import type { Resolved } from '../../src/ingestion/resolution/resolution.types.ts';
import { finishedJob } from './finished-job.ts';
import { type RunningApp, startApp } from './start-app.ts';

const TEXTS = [
  'Ada Kern built the old bridge in Ulm. Ada Kern was proud of the bridge.',
  'Dr. Ada Kern wrote from Ulm. Every letter of Dr. Ada Kern was long.',
  'Leopold Torrenilsson filmed in Oslo. Leopold Torrenilsson filmed in Bonn with Ada Kern.',
  'Leopold Torrenillson filmed in Oslo. Leopold Torrenillson filmed in Bonn with Ada Kern.',
];

interface Page {
  readonly merges: Resolved[];
  readonly nextCursor?: string;
}

describe('merges', () => {
  let service: RunningApp;
  let key: string;

  beforeAll(async () => {
    service = await startApp();
    key = await service.keyFor('library', 'write');
    for (const [i, text] of TEXTS.entries()) {
      const response = await service.call('post', '/documents', key).send({ title: `Text ${String(i)}`, text, externalId: String(i) });
      await finishedJob(service, (response.body as { jobId: string }).jobId, key);
    }
  }, 60_000);
  afterAll(() => service.close());

  const page = async (query = ''): Promise<Page> => (await service.call('get', `/merges${query}`, key)).body as Page;
  const start = async (): Promise<string> => ((await service.call('post', '/merges', key)).body as { jobId: string }).jobId;
  const names = async (): Promise<string[]> => {
    const workspace = await service.app.get(WorkspaceStore, { strict: false }).find('library');
    if (workspace === undefined) return [];
    return (await service.app.get(KnowledgeGraph, { strict: false }).neighbourhood(workspace, { depth: 1, limit: 100 })).nodes.map(({ name }) => name);
  };

  it('are found by a job, listed with their reasons, and taken back for good', async () => {
    expect(await names()).toEqual(expect.arrayContaining(['Ada Kern', 'Dr. Ada Kern']));
    const job = await finishedJob(service, await start(), key);
    expect(job).toMatchObject({ state: 'completed', errors: [], progress: { unit: 'pairs' }, resolution: { merges: 2, declared: 2, forgotten: 0, open: 0 } });
    expect(await names()).not.toContain('Dr. Ada Kern');
    const { merges } = await page();
    expect(merges.map(({ name, intoName, layer }) => [name, intoName, layer])).toEqual([['Dr. Ada Kern', 'Ada Kern', 'name'], ['Leopold Torrenilsson', 'Leopold Torrenillson', 'similar']]);
    const first = await page('?limit=1');
    const second = await page(`?limit=1&cursor=${first.nextCursor ?? ''}`);
    expect([first.merges, second.merges, second.nextCursor]).toEqual([merges.slice(0, 1), merges.slice(1), undefined]);
    expect((await service.call('get', '/merges?limit=0', key)).status).toBe(400);

    const undone = await service.call('delete', `/merges/${merges[0]?.entityId ?? ''}`, key);
    expect([undone.status, (undone.body as Resolved).name]).toEqual([200, 'Dr. Ada Kern']);
    expect(await names()).toContain('Dr. Ada Kern');
    expect((await finishedJob(service, await start(), key)).resolution).toMatchObject({ merges: 1, declared: 0 });
    expect((await service.call('delete', '/merges', key)).body).toEqual({ undone: 1 });
    expect(await page()).toEqual({ merges: [] });
    expect((await finishedJob(service, await start(), key)).resolution).toMatchObject({ merges: 1, declared: 1 });
  });

  it('are of their workspace alone, and changed only by who may write', async () => {
    const [{ entityId } = { entityId: 'none' }] = (await page()).merges;
    const stranger = await service.keyFor('elsewhere', 'admin');
    const reader = await service.keyFor('library', 'read');
    const codes = await Promise.all([
      service.call('get', '/merges?workspace=library', stranger),
      service.call('post', '/merges?workspace=library', stranger),
      service.call('delete', '/merges?workspace=library', stranger),
      service.call('delete', `/merges/${entityId}`, stranger),
      service.call('delete', `/merges/${entityId}`, reader),
      service.call('delete', '/merges', reader),
      service.call('post', '/merges', reader),
      service.call('get', '/merges', null),
    ].map(async (test) => ((await test).body as { code?: string }).code));
    expect(codes).toEqual(['workspace-not-found', 'workspace-not-found', 'workspace-not-found', 'merge-not-found', 'right-missing', 'right-missing', 'right-missing', 'authentication-required']);
    expect((await page()).merges).toHaveLength(1);
    expect((await service.call('get', '/merges', reader)).status).toBe(200);
  });
});
