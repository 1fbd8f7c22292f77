import { Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { describeError } from '../common/errors/describe-error.ts';
import { DataFolder } from './data-folder.service.ts';
import { RecordStore } from './record-store.port.ts';

/** With less than this nothing can be ingested, though questions are still answered. */
const LOW_BYTES = 4_000_000;

/** Whether records can be read and written, and how much room is left: `store` in the report. */
@Injectable()
export class StorageHealth {
  constructor(
    private readonly records: RecordStore,
    private readonly folder: DataFolder,
    private readonly indicators: HealthIndicatorService,
  ) {}

  async check(): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check('store');
    try {
      await this.records.ping();
      const freeBytes = await this.folder.freeBytes();
      return freeBytes < LOW_BYTES ? indicator.degraded({ freeBytes, message: 'The disk is full.' }) : indicator.up({ freeBytes });
    } catch (error) {
      return indicator.down({ message: describeError(error) });
    }
  }
}
