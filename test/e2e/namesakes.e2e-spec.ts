import { KnowledgeGraph } from '../../src/graph/knowledge-graph.port.ts';
import { WorkspaceStore } from '../../src/graph/workspace-store.port.ts';
import type { Namesakes } from '../../src/ingestion/resolution/resolution.types.ts';
import { finishedJob } from './finished-job.ts';
import { type RunningApp, startApp } from './start-app.ts';

const PAINTER = 'Jan Kern (born 2 May 1874) was a Swiss painter. Jan Kern lived in Ulm.';
const POLITICIAN = 'Jan Kern (born 5 June 1950) is a German politician. Jan Kern lived in Oslo.';

interface Page {
  readonly namesakes: Namesakes[];
  readonly nextCursor?: string;
}

describe('namesakes', () => {
  let service: RunningApp;
  let key: string;

  const add = async (externalId: string, text: string, title = 'Jan Kern'): Promise<void> => {
    const response = await service.call('post', '/documents', key).send({ title, text, externalId });
    await finishedJob(service, (response.body as { jobId: string }).jobId, key);
  };
  beforeAll(async () => {
    service = await startApp();
    key = await service.keyFor('library', 'write');
    await add('painter', PAINTER);
    await add('politician', POLITICIAN);
    await add('films-1', PAINTER.replaceAll('Jan Kern', 'Ida Roth'), 'Ida Roth');
    await add('films-2', POLITICIAN.replaceAll('Jan Kern', 'Ida Roth'), 'Ida Roth');
  }, 60_000);
  afterAll(() => service.close());

  const page = async (query = ''): Promise<Page> => (await service.call('get', `/namesakes${query}`, key)).body as Page;
  const resolve = async (): Promise<unknown> => {
    const { jobId } = (await service.call('post', '/merges', key)).body as { jobId: string };
    return (await finishedJob(service, jobId, key)).resolution;
  };
  const nodes = async (): Promise<number> => {
    const workspace = await service.app.get(WorkspaceStore, { strict: false }).find('library');
    if (workspace === undefined) return 0;
    const picture = await service.app.get(KnowledgeGraph, { strict: false }).neighbourhood(workspace, { entity: 'Jan Kern', depth: 1, limit: 100 });
    return picture.nodes.filter(({ name }) => name === 'Jan Kern').length;
  };

  it('are told apart by the job that looks for merges, stay so when a document changes, and are one again when somebody says so', async () => {
    expect(await nodes()).toBe(1);
    expect(await resolve()).toMatchObject({ namesakes: 2, moved: 4 });
    const { namesakes } = await page();
    expect(namesakes.map(({ name, layer, senses }) => [name, layer, Object.values(senses).sort()])).toEqual([['Ida Roth', 'life', ['born 1874', 'born 1950']], ['Jan Kern', 'life', ['born 1874', 'born 1950']]]);
    const first = await page('?limit=1');
    expect([first.namesakes, (await page(`?limit=1&cursor=${first.nextCursor ?? ''}`)).namesakes]).toEqual([namesakes.slice(0, 1), namesakes.slice(1)]);
    expect(await nodes()).toBe(2);
    // A document that changes goes on to mean whom it meant, before anybody resolves again.
    await add('painter', `${PAINTER} Jan Kern was loved.`);
    expect(await nodes()).toBe(2);
    expect(await resolve()).toMatchObject({ namesakes: 2, moved: 0 });
    const [, kern] = namesakes;
    const undone = await service.call('delete', `/namesakes/${kern?.id ?? ''}`, key);
    expect([undone.status, (undone.body as Namesakes).name]).toEqual([200, 'Jan Kern']);
    expect(await nodes()).toBe(1);
    expect(await resolve()).toMatchObject({ namesakes: 1, moved: 0 });
  });

  it('are of their workspace alone, and changed only by who may write', async () => {
    const [{ id } = { id: 'none' }] = (await page()).namesakes;
    const stranger = await service.keyFor('elsewhere', 'admin');
    const reader = await service.keyFor('library', 'read');
    const codes = await Promise.all([
      service.call('get', '/namesakes?workspace=library', stranger),
      service.call('delete', `/namesakes/${id}`, stranger),
      service.call('delete', `/namesakes/${id}?workspace=library`, stranger),
      service.call('delete', `/namesakes/${id}`, reader),
      service.call('delete', '/namesakes/unknown', key),
      service.call('get', '/namesakes', null),
    ].map(async (test) => ((await test).body as { code?: string }).code));
    expect(codes).toEqual(['workspace-not-found', 'merge-not-found', 'workspace-not-found', 'right-missing', 'merge-not-found', 'authentication-required']);
    expect((await page()).namesakes).toHaveLength(1);
    expect((await service.call('get', '/namesakes', reader)).status).toBe(200);
  });
});
