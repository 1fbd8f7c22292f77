import type { Clock } from '../common/clock/clock.port.ts';
import type { IdSource } from '../common/clock/id-source.port.ts';
import type { ModelsConfig } from '../config/models.config.ts';
import type { CallRecords } from './call-records.ts';
import type { CallScheduler } from './call-scheduler.ts';
import type { UsageLedger } from './ledger/usage-ledger.service.ts';
import type { Admission } from './limits/admission.ts';
import type { Circuit } from './limits/circuit.ts';
import type { ModelKind } from './models.types.ts';
import type { OptionalParts } from './optional-parts.ts';
import type { TokenEstimates } from './token-estimates.ts';

/** What makes one call at a model server; errors are ModelError. */
export interface Upstream {
  post(kind: ModelKind, body: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<unknown>;
  stream(kind: ModelKind, body: Readonly<Record<string, unknown>>, signal: AbortSignal): AsyncGenerator;
}

/** What all clients of the gateway share. */
export interface GatewayCore {
  readonly config: ModelsConfig;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly schedulers: Readonly<Record<ModelKind, CallScheduler>>;
  readonly admission: Admission;
  readonly circuits: Readonly<Record<ModelKind, Circuit>>;
  readonly estimates: TokenEstimates;
  readonly parts: OptionalParts;
  readonly records: CallRecords;
  readonly ledger: UsageLedger | undefined;
  /** @throws ModelError `model-not-configured` */
  upstream(): Upstream;
}
