import type { CallScheduler } from './call-scheduler.ts';
import { ModelError } from './models.errors.ts';
import type { Lane, ModelFigures, ModelHealth, ModelKind, ModelUsage } from './models.types.ts';

/** How a call ended. */
export interface CallOutcome {
  readonly kind: ModelKind;
  readonly lane: Lane;
  /** From the call to its end, waiting included, in milliseconds. */
  readonly latencyMs: number;
  readonly retries: number;
  /** When it ended, in milliseconds since the Unix epoch. */
  readonly at: number;
  /** Usage of a call that succeeded, else the error. */
  readonly result: { readonly usage: ModelUsage } | { readonly error: unknown };
}

const KINDS = ['chat', 'embedding'] as const satisfies ModelKind[];
const LANES = ['interactive', 'bulk'] as const satisfies Lane[];
/** What the caller asked for is wrong, which says nothing about the server. */
const OWN_FAULTS = new Set([400, 413, 422]);

type Sums = Omit<ModelFigures, 'kind' | 'lane' | 'inFlight' | 'waiting'>;

const NOTHING: Sums = { succeeded: 0, failed: {}, retries: 0, promptTokens: 0, completionTokens: 0, costUsd: 0, latencyMs: 0 };

function withSuccess(sums: Sums, usage: ModelUsage, latencyMs: number): Sums {
  return {
    ...sums,
    succeeded: sums.succeeded + 1,
    promptTokens: sums.promptTokens + usage.promptTokens,
    completionTokens: sums.completionTokens + usage.completionTokens,
    costUsd: sums.costUsd + usage.costUsd,
    latencyMs: sums.latencyMs + latencyMs,
  };
}

/** What became of calls: sums by kind and lane, and how the latest call of each kind went. */
export class CallRecords {
  readonly #sums = new Map<string, Sums>();
  readonly #health = new Map<ModelKind, ModelHealth>();

  record({ kind, lane, latencyMs, retries, at, result }: CallOutcome): void {
    const key = `${kind} ${lane}`;
    const before = this.#sums.get(key) ?? NOTHING;
    const sums = { ...before, retries: before.retries + retries };
    if ('usage' in result) {
      this.#sums.set(key, withSuccess(sums, result.usage, latencyMs));
      this.#health.set(kind, { ...this.#healthOf(kind), lastSuccessAt: at, failing: false });
      return;
    }
    const code = result.error instanceof ModelError ? result.error.code : 'cancelled';
    this.#sums.set(key, { ...sums, failed: { ...sums.failed, [code]: (sums.failed[code] ?? 0) + 1 } });
    if (result.error instanceof ModelError) this.#noteFailure(kind, result.error, at);
  }

  /** One line a kind and lane. */
  figures(schedulers: Readonly<Record<ModelKind, CallScheduler>>): ModelFigures[] {
    return KINDS.flatMap((kind) =>
      LANES.map((lane) => ({ kind, lane, ...schedulers[kind].load(lane), ...(this.#sums.get(`${kind} ${lane}`) ?? NOTHING) })),
    );
  }

  /** One line for each kind that was called. */
  health(): ModelHealth[] {
    return [...this.#health.values()];
  }

  #noteFailure(kind: ModelKind, error: ModelError, at: number): void {
    if (error.status !== undefined && OWN_FAULTS.has(error.status)) return;
    const lastFailure = { at, code: error.code, message: error.message, status: error.status };
    this.#health.set(kind, { ...this.#healthOf(kind), lastFailure, failing: true });
  }

  #healthOf(kind: ModelKind): ModelHealth {
    return this.#health.get(kind) ?? { kind, lastSuccessAt: undefined, lastFailure: undefined, failing: false };
  }
}
