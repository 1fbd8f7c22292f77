import { readdir } from 'node:fs/promises';
import { Test } from '@nestjs/testing';
import { RandomIdSource } from '../../src/common/clock/random-id-source.ts';
import { ConfigModule } from '../../src/config/config.module.ts';
import { loadSettings } from '../../src/config/load-settings.ts';
import { RecordStore } from '../../src/storage/record-store.port.ts';
import { StorageHealth } from '../../src/storage/storage.health.ts';
import { StorageModule } from '../../src/storage/storage.module.ts';
import { workspaceScope } from '../../src/storage/storage.types.ts';
import { RecordedLogs } from '../fakes/recorded-logs.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';
import { describeWith, neo4jService } from '../fixtures/services.ts';

describeWith(await neo4jService(), 'StorageModule with STORE=neo4j', ({ uri, username, password }) => {
  it('keeps records in Neo4j and files in the data folder', async () => {
    const folder = await temporaryFolder();
    const logs = new RecordedLogs();
    const scope = workspaceScope({ uid: new RandomIdSource().uuid() });
    const settings = loadSettings({ DATA_DIR: folder.path, STORE: 'neo4j', NEO4J_URI: uri, NEO4J_USERNAME: username, NEO4J_PASSWORD: password });
    const start = async () => (await Test.createTestingModule({ imports: [ConfigModule.forRoot(settings), StorageModule] }).compile()).init();

    const first = await start();
    await first.get(RecordStore).put(scope, 'k', 'kept');
    expect(await first.get(StorageHealth).check()).toMatchObject({ store: { status: 'up', pool: { pool: 'neo4j', size: 50 } } });
    await first.close();

    const second = await start();
    expect((await second.get(RecordStore).get(scope, 'k'))?.value).toBe('kept');
    await second.get(RecordStore).clear(scope);
    await second.close();
    expect(await readdir(folder.path)).not.toContain('records.sqlite');
    await folder.remove();
    logs.stop();
  });
});
