import { Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { RecordStore } from './record-store.port.ts';

const LIMIT_MS = 5000;

/** Whether records can be read and written: `store` in the report. */
@Injectable()
export class StorageHealth {
  constructor(
    private readonly records: RecordStore,
    private readonly indicators: HealthIndicatorService,
  ) {}

  async check(): Promise<HealthIndicatorResult> {
    return await this.indicators
      .check('store')
      .attempt(() => this.records.ping())
      .withTimeout(LIMIT_MS);
  }
}
