import { Logger } from '@nestjs/common';
import type { Clock } from '../common/clock/clock.port.ts';
import type { Scope } from '../storage/storage.types.ts';
import type { CacheStore } from './cache-store.port.ts';
import type { TierFigures } from './cache.types.ts';
import { ForgetDebts } from './forget-debts.ts';

/** A tier that failed is left alone this long before it is tried again, so that its slowness is not everybody's. */
const PAUSE_MS = 1000;

type Direction = 'read' | 'write';

/** One tier behind a guard: it never throws, counts, and says once when the tier fails and once when it is back. */
export class GuardedTier {
  readonly #logger = new Logger('CacheService');
  readonly #store: CacheStore;
  readonly #clock: Clock;
  readonly #debts = new ForgetDebts();
  readonly #failing = new Set<Direction>();
  readonly #counts = { hits: 0, misses: 0, errors: 0, skipped: 0 };
  #retryAtMs = 0;

  constructor(store: CacheStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  get name(): string {
    return this.#store.tier;
  }

  figures(): TierFigures {
    return { tier: this.name, state: this.#failing.size === 0 ? 'up' : 'down', ...this.#counts, bytes: this.#store.bytesHeld() };
  }

  /** What the tier has of these keys; nothing at all while it fails. */
  async getMany(scope: Scope, keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    let found: (Uint8Array | undefined)[] = [];
    const answered = await this.#attempt('read', async () => {
      const values = keys.length === 1 && keys[0] !== undefined ? [await this.#store.get(scope, keys[0])] : await this.#store.getMany(scope, keys);
      found = values.map((value, i) => (this.#debts.owes(scope, keys[i] ?? '') ? undefined : value));
    });
    if (!answered) return keys.map(() => undefined);
    const hits = found.filter((value) => value !== undefined).length;
    this.#counts.hits += hits;
    this.#counts.misses += keys.length - hits;
    return found;
  }

  async set(scope: Scope, key: string, value: Uint8Array, ttlMs: number): Promise<void> {
    const kept = await this.#attempt('write', () => this.#store.set(scope, key, value, ttlMs));
    // What the tier holds under the key is now older than what the other tiers hold.
    if (!kept) this.#debts.addKey(scope, key);
  }

  async delete(scope: Scope, key: string): Promise<void> {
    const done = await this.#attempt('write', () => this.#store.delete(scope, key));
    if (!done) this.#debts.addKey(scope, key);
  }

  async clear(scope: Scope): Promise<void> {
    const done = await this.#attempt('write', () => this.#store.clear(scope));
    if (!done) this.#debts.addScope(scope);
  }

  /** Runs one call unless the tier is being left alone; true if it was answered. */
  async #attempt(direction: Direction, call: () => Promise<void>): Promise<boolean> {
    if (!this.#admits(direction)) {
      this.#counts.skipped += 1;
      return false;
    }
    try {
      if (direction === 'write' && !this.#debts.empty) await this.#debts.settle(this.#store);
      await call();
    } catch (error) {
      this.#failed(direction, error);
      return false;
    }
    this.#answered(direction);
    return true;
  }

  /** A tier that cannot be read is not written to either; one that only cannot be written to (a full disk) is still read. */
  #admits(direction: Direction): boolean {
    if (!this.#failing.has('read') && !this.#failing.has(direction)) return true;
    const nowMs = this.#clock.monotonic();
    if (nowMs < this.#retryAtMs) return false;
    // One caller tries; the others go on skipping meanwhile.
    this.#retryAtMs = nowMs + PAUSE_MS;
    return true;
  }

  #failed(direction: Direction, error: unknown): void {
    this.#counts.errors += 1;
    this.#retryAtMs = this.#clock.monotonic() + PAUSE_MS;
    const wasUp = this.#failing.size === 0;
    this.#failing.add(direction);
    if (wasUp) this.#logger.warn({ err: error, tier: this.name }, `cache tier ${this.name} failed and is skipped until it answers again`);
  }

  #answered(direction: Direction): void {
    if (this.#failing.size === 0) return;
    // That it can be read says nothing about a tier that could be read all the time.
    if (direction === 'read' && !this.#failing.has('read')) return;
    this.#failing.clear();
    this.#logger.log({ tier: this.name }, `cache tier ${this.name} is back`);
  }
}
