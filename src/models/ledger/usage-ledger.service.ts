import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../../common/clock/clock.port.ts';
import { modelDefaults } from '../../config/model-defaults.ts';
import { RecordStore } from '../../storage/record-store.port.ts';
import { StorageError } from '../../storage/storage.errors.ts';
import { type JsonValue, workspaceScope } from '../../storage/storage.types.ts';
import { costOf } from '../model-usage.ts';
import { addedUp, bucketOf, percentileOf } from './latency-histogram.ts';
import type { UsageCounts, UsageLine, UsageView } from './usage.types.ts';

const PREFIX = 'usage/';
/** What was counted is written so long after it, together with what came meanwhile; a crash loses no more. */
const FLUSH_MS = 1000;
/** Others may be writing the same line. */
const ATTEMPTS = 8;
const MAX_NAME = 120;

const NOTHING: UsageCounts = { calls: 0, failed: 0, retries: 0, promptTokens: 0, completionTokens: 0, costUsd: 0, cacheHits: 0, latency: {} };

/** Whose call it was, and what for. */
export interface UsageOwner {
  readonly workspaceUid: string;
  readonly operation: string;
  readonly model: string;
}

/** How a call ended. */
export interface UsageEvent {
  readonly retries: number;
  readonly latencyMs: number;
  /** Of a call that succeeded. */
  readonly usage?: { readonly promptTokens: number; readonly completionTokens: number; readonly costUsd: number };
}

/** Counts what calls to models use, by workspace, operation and model, durably. Never holds a call up. */
@Injectable()
export class UsageLedger implements OnApplicationShutdown {
  private readonly logger = new Logger(UsageLedger.name);
  /** Since the start of the process, by workspace. */
  readonly #sums = new Map<string, Map<string, UsageLine>>();
  /** Not written yet. */
  #pending = new Map<string, Map<string, UsageLine>>();
  #flushing: Promise<void> | undefined;
  readonly #stop = new AbortController();

  constructor(
    private readonly records: RecordStore,
    private readonly clock: Clock,
  ) {}

  /** A call has ended. */
  call(owner: UsageOwner, { retries, latencyMs, usage }: UsageEvent): void {
    if (usage === undefined) this.#add(owner, { ...NOTHING, failed: 1, retries });
    else this.#add(owner, { ...NOTHING, ...usage, calls: 1, retries, latency: { [bucketOf(latencyMs)]: 1 } });
  }

  /** A cache answered so many texts. */
  cached(owner: UsageOwner, texts: number): void {
    if (texts > 0) this.#add(owner, { ...NOTHING, cacheHits: texts });
  }

  /** What tokens would cost in US dollars; 0 for a model without a price. */
  costOf(tokens: { readonly promptTokens: number; readonly completionTokens: number }, model: string): number {
    return costOf(tokens, model, modelDefaults().prices);
  }

  /** What this process has counted of a workspace since its start. */
  sinceStart(workspaceUid: string): readonly UsageLine[] {
    return [...(this.#sums.get(workspaceUid)?.values() ?? [])];
  }

  /** All that was ever counted of a workspace, by operation and model. @throws StorageError */
  async of(workspace: { readonly uid: string }): Promise<readonly UsageLine[]> {
    await this.#flushed();
    const lines: UsageLine[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await this.records.list(workspaceScope(workspace), PREFIX, cursor === undefined ? {} : { cursor });
      lines.push(...page.records.map(({ value }) => value as unknown as UsageLine));
      if (page.nextCursor === undefined) return lines;
      cursor = page.nextCursor;
    }
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stop.abort();
    await this.#flushed();
  }

  #add({ workspaceUid, operation, model }: UsageOwner, counts: UsageCounts): void {
    const line = { operation: operation.slice(0, MAX_NAME), model: model.slice(0, MAX_NAME), ...counts };
    addTo(this.#sums, workspaceUid, line);
    addTo(this.#pending, workspaceUid, line);
    this.#flushing ??= this.#flush();
  }

  async #flush(): Promise<void> {
    await this.clock.sleep(FLUSH_MS, this.#stop.signal).catch(() => undefined);
    await this.#write();
    this.#flushing = undefined;
  }

  /** Resolves when all that was counted before is written. */
  async #flushed(): Promise<void> {
    await this.#write();
    if (this.#stop.signal.aborted) await this.#flushing;
  }

  async #write(): Promise<void> {
    const pending = this.#pending;
    this.#pending = new Map();
    for (const [workspaceUid, lines] of pending) {
      for (const line of lines.values()) {
        try {
          await this.#merge(workspaceUid, line);
        } catch (error) {
          // Counting is never a reason to fail what is counted.
          this.logger.warn({ err: error }, 'what model calls used could not be written; it is tried again with the next calls');
          addTo(this.#pending, workspaceUid, line);
        }
      }
    }
  }

  async #merge(workspaceUid: string, line: UsageLine): Promise<void> {
    const scope = workspaceScope({ uid: workspaceUid });
    const key = `${PREFIX}${encodeURIComponent(line.operation)}/${encodeURIComponent(line.model)}`.slice(0, 500);
    for (let attempt = 1; ; attempt += 1) {
      const kept = (await this.records.get(scope, key)) ?? { value: undefined, version: 0 };
      const sum = kept.value === undefined ? line : summed(kept.value as unknown as UsageLine, line);
      try {
        await this.records.put(scope, key, sum as unknown as JsonValue, { ifVersion: kept.version });
        return;
      } catch (error) {
        if (attempt === ATTEMPTS || !isConflict(error)) throw error;
      }
    }
  }
}

/** Lines as they are shown: percentiles in place of the histogram. */
export function shownUsage(lines: readonly UsageLine[]): UsageView[] {
  return lines.map(({ latency, ...line }) => ({
    ...line,
    latencyMs: { p50: percentileOf(latency, 0.5), p95: percentileOf(latency, 0.95), p99: percentileOf(latency, 0.99) },
  }));
}

function addTo(sums: Map<string, Map<string, UsageLine>>, workspaceUid: string, line: UsageLine): void {
  const lines = sums.get(workspaceUid) ?? new Map<string, UsageLine>();
  sums.set(workspaceUid, lines);
  const key = `${line.operation} ${line.model}`;
  const before = lines.get(key);
  lines.set(key, before === undefined ? line : summed(before, line));
}

function isConflict(error: unknown): boolean {
  return error instanceof StorageError && error.code === 'record-conflict';
}

function summed(first: UsageLine, second: UsageLine): UsageLine {
  return {
    operation: first.operation,
    model: first.model,
    calls: first.calls + second.calls,
    failed: first.failed + second.failed,
    retries: first.retries + second.retries,
    promptTokens: first.promptTokens + second.promptTokens,
    completionTokens: first.completionTokens + second.completionTokens,
    costUsd: first.costUsd + second.costUsd,
    cacheHits: first.cacheHits + second.cacheHits,
    latency: addedUp(first.latency, second.latency),
  };
}
