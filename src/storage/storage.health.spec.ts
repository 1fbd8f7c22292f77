import { HealthIndicatorService } from '@nestjs/terminus';
import type { DataFolder } from './data-folder.service.ts';
import type { DiskReserve } from './disk-reserve.service.ts';
import type { Neo4jConnection } from './neo4j-connection.service.ts';
import type { RecordStore } from './record-store.port.ts';
import { StorageHealth } from './storage.health.ts';

function nothing(): Promise<undefined> {
  return Promise.resolve(undefined);
}

describe('StorageHealth', () => {
  it.each([
    [4_000_000, { status: 'up', freeBytes: 4_000_000 }],
    [3_999_999, { status: 'down', freeBytes: 3_999_999, message: 'The disk is full.' }],
  ])('with %d bytes of room is %o', async (freeBytes, store) => {
    const records = { ping: nothing } as unknown as RecordStore;
    const neo4j = { poolFigures: nothing } as unknown as Neo4jConnection;
    const folder = { freeBytes: () => Promise.resolve(freeBytes) } as unknown as DataFolder;
    const reserve = { renew: nothing } as unknown as DiskReserve;
    expect(await new StorageHealth(records, neo4j, folder, reserve, new HealthIndicatorService()).check()).toEqual({ store });
  });
});
