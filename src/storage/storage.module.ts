import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { ClockModule } from '../common/clock/clock.module.ts';
import { Clock } from '../common/clock/clock.port.ts';
import { IdSource } from '../common/clock/id-source.port.ts';
import { STORE_CONFIG, type StoreConfig } from '../config/store.config.ts';
import { FileBlobStore } from './adapters/file/file-blob-store.ts';
import { Neo4jRecordStore } from './adapters/neo4j/neo4j-record-store.ts';
import { SqliteRecordStore } from './adapters/sqlite/sqlite-record-store.ts';
import { BlobStore } from './blob-store.port.ts';
import { DataFolder } from './data-folder.service.ts';
import { DiskReserve } from './disk-reserve.service.ts';
import { Neo4jBatches } from './neo4j-batches.service.ts';
import { Neo4jConnection } from './neo4j-connection.service.ts';
import { RecordStore } from './record-store.port.ts';
import { SqlitePool } from './sqlite-pool.service.ts';
import { StorageHealth } from './storage.health.ts';
import { StorageMetrics } from './storage.metrics.ts';

/** Makes the record store of the data folder, for who uses it: made, it would open its file. */
const EMBEDDED_RECORDS = Symbol('embedded records');

@Module({
  imports: [ClockModule, TerminusModule],
  providers: [
    DataFolder,
    DiskReserve,
    SqlitePool,
    Neo4jConnection,
    {
      provide: Neo4jBatches,
      inject: [Neo4jConnection, Clock],
      useFactory: (connection: Neo4jConnection, clock: Clock) => new Neo4jBatches(connection, clock),
    },
    {
      provide: EMBEDDED_RECORDS,
      inject: [SqlitePool, Clock, DataFolder, DiskReserve],
      useFactory: (threads: SqlitePool, clock: Clock, folder: DataFolder, reserve: DiskReserve) => (): RecordStore =>
        new SqliteRecordStore({
          threads,
          clock,
          file: join(folder.path, 'records.sqlite'),
          folderReady: () => folder.open(),
          freeing: (work) => reserve.freeing(work),
        }),
    },
    {
      provide: RecordStore,
      inject: [STORE_CONFIG, EMBEDDED_RECORDS, Neo4jConnection, Clock],
      useFactory: (config: StoreConfig, embedded: () => RecordStore, graph: Neo4jConnection, clock: Clock): RecordStore =>
        config.kind === 'neo4j' ? new Neo4jRecordStore({ graph, clock }) : embedded(),
    },
    {
      provide: BlobStore,
      inject: [DataFolder, Clock, IdSource],
      useFactory: (folder: DataFolder, clock: Clock, ids: IdSource): BlobStore => new FileBlobStore(join(folder.path, 'blobs'), clock, ids),
    },
    StorageHealth,
    StorageMetrics,
  ],
  exports: [RecordStore, BlobStore, SqlitePool, Neo4jConnection, Neo4jBatches, DataFolder, DiskReserve, StorageHealth, StorageMetrics],
})
export class StorageModule {}
