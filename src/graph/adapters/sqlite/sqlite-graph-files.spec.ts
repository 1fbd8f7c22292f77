import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../../../../test/fakes/temporary-folder.ts';
import { SystemClock } from '../../../common/clock/system-clock.ts';
import { loadSettings } from '../../../config/load-settings.ts';
import { SqlitePool } from '../../../storage/sqlite-pool.service.ts';
import { SharedSigns } from './shared-signs.ts';
import { SqliteGraphFiles } from './sqlite-graph-files.ts';

/** A pool that lets something happen when a file is closed and not yet removed. */
class WatchedPool extends SqlitePool {
  closed: () => Promise<unknown> = () => Promise.resolve();

  override async closeFile(file: string): Promise<void> {
    await super.closeFile(file);
    await this.closed();
  }
}

describe('SqliteGraphFiles', () => {
  it('opens no file that is being removed, neither to read nor to write, and leaves nothing of it', async () => {
    const folder = await temporaryFolder();
    const settings = loadSettings({ DATA_DIR: folder.path });
    const pool = new WatchedPool(settings.store);
    const signs = new SharedSigns(new SystemClock());
    const files = new SqliteGraphFiles(pool, settings.server, signs);
    const workspace = { uid: 'going' };
    await files.create(workspace);
    const before = files.read(workspace, { module: 'read', operation: 'stats' });
    const calls: Promise<unknown>[] = [];
    pool.closed = () => {
      calls.push(files.read(workspace, { module: 'read', operation: 'stats' }));
      calls.push(files.read(workspace, { module: 'vector', operation: 'searchVectors', input: { vector: Float32Array.of(1), k: 1 }, vectors: true }));
      calls.push(files.write(workspace, { module: 'read', operation: 'stats' }));
      return Promise.allSettled(calls);
    };
    await files.remove(workspace);
    expect(await before).toMatchObject({ documents: 0 });
    expect(calls).toHaveLength(3);
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'workspace-not-found' });
    await expect(files.read(workspace, { module: 'read', operation: 'stats' })).rejects.toMatchObject({ code: 'workspace-not-found' });
    expect(await readdir(join(folder.path, 'workspaces'))).toEqual([]);
    await signs.onApplicationShutdown();
    await pool.onApplicationShutdown();
    await folder.remove();
  });
});
