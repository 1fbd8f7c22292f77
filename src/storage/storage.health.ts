import { Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { describeError } from '../common/errors/describe-error.ts';
import { DataFolder } from './data-folder.service.ts';
import { DiskReserve } from './disk-reserve.service.ts';
import { Neo4jConnection } from './neo4j-connection.service.ts';
import { RecordStore } from './record-store.port.ts';

/** With less than this nothing can be taken in: though questions are still answered, the service is not ready. */
const LOW_BYTES = 4_000_000;

/** Whether records can be read and written, how full the pool of connections to Neo4j is if there is one, and how much room is left: `store` in the report. */
@Injectable()
export class StorageHealth {
  constructor(
    private readonly records: RecordStore,
    private readonly neo4j: Neo4jConnection,
    private readonly folder: DataFolder,
    private readonly reserve: DiskReserve,
    private readonly indicators: HealthIndicatorService,
  ) {}

  async check(): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check('store');
    const pool = await this.neo4j.poolFigures();
    const shown = pool === undefined ? {} : { pool };
    try {
      await this.records.ping();
      // Somebody may have made room on a full disk.
      await this.reserve.renew();
      const freeBytes = await this.folder.freeBytes();
      return freeBytes < LOW_BYTES ? indicator.down({ freeBytes, ...shown, message: 'The disk is full.' }) : indicator.up({ freeBytes, ...shown });
    } catch (error) {
      return indicator.down({ message: describeError(error), ...shown });
    }
  }
}
