/** A record on its way between the threads; the value as JSON text. */
export interface RecordRow {
  readonly key: string;
  readonly json: string;
  readonly version: number;
}

export interface RowPage {
  readonly rows: RecordRow[];
  readonly more: boolean;
}

export interface ListInput {
  readonly scope: string;
  readonly prefix: string;
  /** Only keys above this one; '' for all. */
  readonly after: string;
  readonly limit: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A put, or a delete when there is no JSON. */
export interface RecordStep {
  readonly key: string;
  readonly json?: string;
  readonly ifVersion?: number | undefined;
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number | undefined;
}

export interface StepsInput {
  readonly scope: string;
  readonly now: number;
  readonly steps: readonly RecordStep[];
}
