import { Module } from '@nestjs/common';
import { Clock } from './clock.port.ts';
import { IdSource } from './id-source.port.ts';
import { RandomIdSource } from './random-id-source.ts';
import { SystemClock } from './system-clock.ts';

@Module({
  providers: [
    { provide: Clock, useClass: SystemClock },
    { provide: IdSource, useClass: RandomIdSource },
  ],
  exports: [Clock, IdSource],
})
export class ClockModule {}
