import { FakeRecordStore } from '../../test/fakes/fake-record-store.ts';
import { FakeClock } from '../../test/fakes/fake-clock.ts';
import type { Workspace } from '../graph/graph.types.ts';
import { GUIDE_RECORD } from '../graph/workspace-access.service.ts';
import type { WorkspaceStore } from '../graph/workspace-store.port.ts';
import { SYSTEM_SCOPE } from '../storage/storage.types.ts';
import { GuideService } from './guide.service.ts';
import type { IngestionService } from './ingestion.service.ts';
import type { IngestRequest } from './ingestion.types.ts';

/** A guide over workspaces that are kept in a map, and an ingestion that only notes what it is asked for. */
function setUp(existing: readonly Workspace[] = []): {
  records: FakeRecordStore;
  workspaces: Map<string, Workspace>;
  ingested: IngestRequest[];
  start: () => Promise<void>;
} {
  const records = new FakeRecordStore(new FakeClock());
  const workspaces = new Map(existing.map((workspace) => [workspace.slug, workspace]));
  const ingested: IngestRequest[] = [];
  const store = {
    find: (slug: string) => Promise.resolve(workspaces.get(slug)),
    create: (slug: string) => {
      const made = { slug, uid: `uid-${String(workspaces.size)}`, createdAt: '' };
      workspaces.set(slug, made);
      return Promise.resolve(made);
    },
  } as unknown as WorkspaceStore;
  const ingestion = { ingest: (request: IngestRequest) => Promise.resolve(ingested.push(request)) } as unknown as IngestionService;
  const start = async (): Promise<void> => {
    const guide = new GuideService(store, records, ingestion);
    guide.onApplicationBootstrap();
    await guide.beforeApplicationShutdown();
  };
  return { records, workspaces, ingested, start };
}

const GUIDE: Workspace = { slug: 'guide', uid: 'theirs', createdAt: '' };

describe('GuideService', () => {
  it('makes the workspace at the first start and reads the project’s own documents into it, then and later', async () => {
    const { records, ingested, start } = setUp();
    await start();
    await start();
    expect((await records.get(SYSTEM_SCOPE, GUIDE_RECORD))?.value).toEqual({ uid: 'uid-0' });
    expect(ingested.map((request) => request.workspace.uid)).toEqual(['uid-0', 'uid-0']);
    const names = [...(ingested[0]?.sources as Iterable<{ path: string }>)].map((source) => source.path);
    expect(names.some((name) => name.endsWith('README.md'))).toBe(true);
    expect(names.some((name) => name.includes('decisions'))).toBe(true);
  });

  it('leaves a workspace alone that someone else called so', async () => {
    const { ingested, start } = setUp([GUIDE]);
    await start();
    expect(ingested).toEqual([]);
  });

  it('does not come back when it was dropped', async () => {
    const { workspaces, ingested, start } = setUp();
    await start();
    workspaces.delete('guide');
    await start();
    workspaces.set('guide', GUIDE);
    await start();
    expect(ingested).toHaveLength(1);
  });

  it('goes on where a start was killed, before or after it made the workspace', async () => {
    for (const existing of [[], [GUIDE]]) {
      const { records, ingested, start } = setUp(existing);
      await records.put(SYSTEM_SCOPE, GUIDE_RECORD, {});
      await start();
      expect(ingested.map((request) => request.workspace.slug)).toEqual(['guide']);
      expect((await records.get(SYSTEM_SCOPE, GUIDE_RECORD))?.value).toEqual({ uid: ingested[0]?.workspace.uid });
    }
  });
});
