import { FakeClock } from '../../test/fakes/fake-clock.ts';
import { FakeRecordStore } from '../../test/fakes/fake-record-store.ts';
import type { Caller, Role } from '../common/http/principal.types.ts';
import { SYSTEM_SCOPE } from '../storage/storage.types.ts';
import type { Workspace } from './graph.types.ts';
import { GUIDE_RECORD, WorkspaceAccess } from './workspace-access.service.ts';
import type { WorkspaceStore } from './workspace-store.port.ts';

const ALL: Workspace[] = ['alpha', 'beta', 'guide'].map((slug) => ({ slug, uid: `uid-${slug}`, createdAt: '' }));

function caller(grants: Readonly<Record<string, Role>>, role: Role = 'read'): Caller {
  const byUid = new Map(Object.entries(grants).map(([slug, granted]) => [`uid-${slug}`, granted]));
  return { principal: { subject: 'key:1', instanceAdmin: false, grants: byUid }, role };
}

const ADMIN: Caller = { principal: { subject: 'admin', instanceAdmin: true, grants: new Map() }, role: 'admin' };

describe('WorkspaceAccess', () => {
  let access: WorkspaceAccess;

  beforeEach(async () => {
    const records = new FakeRecordStore(new FakeClock());
    await records.put(SYSTEM_SCOPE, GUIDE_RECORD, { uid: 'uid-guide' });
    const store = {
      find: (slug: string) => Promise.resolve(ALL.find((workspace) => workspace.slug === slug)),
      list: () => Promise.resolve(ALL),
    } as unknown as WorkspaceStore;
    access = new WorkspaceAccess(store, records);
  });

  const refusal = async (who: Caller, slug: string | undefined): Promise<unknown> => await access.resolve(who, slug).catch((error: unknown) => error);

  it('gives a caller the workspace of its grant, and the instance admin any', async () => {
    expect(await access.resolve(caller({ alpha: 'read' }), 'alpha')).toEqual(ALL[0]);
    expect(await access.resolve(ADMIN, 'beta')).toEqual(ALL[1]);
  });

  it('makes no difference between a foreign workspace and one that does not exist', async () => {
    const foreign = (await refusal(caller({ alpha: 'admin' }), 'beta')) as Error;
    const unknown = (await refusal(caller({ alpha: 'admin' }), 'none')) as Error;
    expect(foreign).toMatchObject({ code: 'workspace-not-found' });
    expect(unknown).toMatchObject({ code: 'workspace-not-found' });
    expect(foreign.message.replace('beta', 'none')).toBe(unknown.message);
  });

  it.each(['../x', '', 'ALPHA', 'uid-alpha', 'alpha/../beta'])('finds nothing by %j', async (slug) => {
    expect(await refusal(caller({ alpha: 'admin' }), slug)).toMatchObject({ code: 'workspace-not-found' });
  });

  it('refuses a role that is not enough', async () => {
    expect(await refusal(caller({ alpha: 'read' }, 'write'), 'alpha')).toMatchObject({ code: 'right-missing' });
    expect(await access.resolve(caller({ alpha: 'admin' }, 'write'), 'alpha')).toEqual(ALL[0]);
    expect(access.mayUse(caller({ alpha: 'write' }, 'admin'), 'uid-alpha')).toBe(false);
    expect(access.mayUse(caller({ alpha: 'write' }), 'uid-beta')).toBe(false);
    expect(access.mayUse(ADMIN, 'uid-beta')).toBe(true);
  });

  it('takes the only workspace of a caller when none is named, the guide not counted', async () => {
    expect(await access.resolve(caller({ alpha: 'read', guide: 'read' }), undefined)).toEqual(ALL[0]);
    expect(await refusal(caller({ alpha: 'read' }, 'write'), undefined)).toMatchObject({ code: 'right-missing' });
  });

  it('asks which one when there are several or none, and always asks the instance admin', async () => {
    expect(await refusal(caller({ alpha: 'read', beta: 'read' }), undefined)).toMatchObject({ code: 'workspace-required', details: { workspaces: ['alpha', 'beta'] } });
    expect(await refusal(caller({ guide: 'read' }), undefined)).toMatchObject({ code: 'workspace-required', details: { workspaces: ['guide'] } });
    expect(await refusal(ADMIN, undefined)).toMatchObject({ code: 'workspace-required', details: { workspaces: ['alpha', 'beta', 'guide'] } });
  });

  it('shows a caller its own workspaces only', async () => {
    expect(await access.visible(caller({ beta: 'read' }))).toEqual([ALL[1]]);
    expect(await access.visible(ADMIN)).toEqual(ALL);
  });
});
