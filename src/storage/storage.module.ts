import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { ClockModule } from '../common/clock/clock.module.ts';
import { Clock } from '../common/clock/clock.port.ts';
import { IdSource } from '../common/clock/id-source.port.ts';
import { FileBlobStore } from './adapters/file/file-blob-store.ts';
import { SqliteRecordStore } from './adapters/sqlite/sqlite-record-store.ts';
import { BlobStore } from './blob-store.port.ts';
import { DataFolder } from './data-folder.service.ts';
import { DiskReserve } from './disk-reserve.service.ts';
import { RecordStore } from './record-store.port.ts';
import { SqlitePool } from './sqlite-pool.service.ts';
import { StorageHealth } from './storage.health.ts';

@Module({
  imports: [ClockModule, TerminusModule],
  providers: [
    DataFolder,
    DiskReserve,
    SqlitePool,
    {
      provide: RecordStore,
      inject: [SqlitePool, Clock, DataFolder, DiskReserve],
      useFactory: (threads: SqlitePool, clock: Clock, folder: DataFolder, reserve: DiskReserve): RecordStore =>
        new SqliteRecordStore({
          threads,
          clock,
          file: join(folder.path, 'records.sqlite'),
          folderReady: () => folder.open(),
          freeing: (work) => reserve.freeing(work),
        }),
    },
    {
      provide: BlobStore,
      inject: [DataFolder, Clock, IdSource],
      useFactory: (folder: DataFolder, clock: Clock, ids: IdSource): BlobStore => new FileBlobStore(join(folder.path, 'blobs'), clock, ids),
    },
    StorageHealth,
  ],
  exports: [RecordStore, BlobStore, SqlitePool, DataFolder, DiskReserve, StorageHealth],
})
export class StorageModule {}
