import { type GraphStack, publishAll } from '../fixtures/graph-stack.ts';

/** What every adapter of WorkspaceStore has to do. */
export function describeWorkspaceStore(name: string, open: () => Promise<GraphStack>): void {
  describe(`WorkspaceStore: ${name}`, () => {
    let stack: GraphStack;
    beforeEach(async () => {
      stack = await open();
    });
    afterEach(async () => {
      await stack.close();
    });

    it('makes workspaces, finds them and lists them by slug', async () => {
      const second = await stack.workspaces.create('second');
      const first = await stack.workspaces.create('0-first');
      expect(await stack.workspaces.find('second')).toEqual(second);
      expect(await stack.workspaces.list()).toEqual([first, second]);
      expect(await stack.workspaces.stats(first)).toEqual({ documents: 0, chunks: 0, names: 0, entities: 0, relations: 0, indexVersion: 0, embedding: undefined });
    });

    it.each(['', '../x', 'A', 'a_b', '-a', 'a'.repeat(64), 'a/b', 'ä', 'a\u0000'])('refuses %j as a name, and finds nothing by it', async (slug) => {
      await expect(stack.workspaces.create(slug)).rejects.toMatchObject({ code: 'workspace-name-invalid' });
      expect(await stack.workspaces.find(slug)).toBeUndefined();
      expect(await stack.workspaces.drop(slug)).toBe(false);
    });

    it('refuses a second one of the same name, also when both come at once', async () => {
      const results = await Promise.allSettled([stack.workspaces.create('twin'), stack.workspaces.create('twin')]);
      expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
      await expect(stack.workspaces.create('twin')).rejects.toMatchObject({ code: 'workspace-exists' });
      expect(await stack.workspaces.list()).toHaveLength(1);
    });

    it('drops a workspace: nothing is found in it any longer, and a new one of its name inherits nothing', async () => {
      const old = await stack.workspaces.create('phoenix');
      await publishAll(stack, old, [{ id: '1', title: 'Ash', texts: ['Ash and fire.'] }]);
      expect(await stack.workspaces.drop('phoenix')).toBe(true);
      expect(await stack.workspaces.drop('phoenix')).toBe(false);
      await expect(stack.workspaces.stats(old)).rejects.toMatchObject({ code: 'workspace-not-found' });
      await expect(stack.index.documents(old, {})).rejects.toMatchObject({ code: 'workspace-not-found' });
      const again = await stack.workspaces.create('phoenix');
      expect(again.uid).not.toBe(old.uid);
      expect((await stack.workspaces.stats(again)).chunks).toBe(0);
      await expect(stack.index.documents(old, {})).rejects.toMatchObject({ code: 'workspace-not-found' });
    });

    it('counts what is visible', async () => {
      const workspace = await stack.workspaces.create('counted');
      const extraction = { entities: [{ name: 'Ash', type: 'thing', description: '' }], relations: [{ source: 'Ash', target: 'Fire', type: 'after', description: '' }] };
      await publishAll(stack, workspace, [{ id: '1', title: 'Ash', texts: ['Ash and fire.', 'More of it.'], extractions: [extraction] }]);
      expect(await stack.workspaces.stats(workspace)).toMatchObject({ documents: 1, chunks: 2, entities: 2, relations: 1, indexVersion: 1 });
    });

    it('answers when asked whether it is there', async () => {
      await expect(stack.workspaces.ping()).resolves.toBeUndefined();
    });
  });
}
