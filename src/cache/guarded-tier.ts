import { Logger } from '@nestjs/common';
import type { Clock } from '../common/clock/clock.port.ts';
import { within } from '../common/concurrency/within.ts';
import { describeError } from '../common/errors/describe-error.ts';
import { type Scope, SYSTEM_SCOPE } from '../storage/storage.types.ts';
import type { CacheStore } from './cache-store.port.ts';
import type { TierFigures } from './cache.types.ts';
import { ForgetDebts } from './forget-debts.ts';

/** A tier that failed is tried again this often; nobody but the trial waits for it meanwhile. */
const PAUSE_MS = 500;
/** How long a look waits for a trial. */
const LOOK_MS = 200;
const TRIAL_KEY = 'trial';
const TRIAL_TTL_MS = 60_000;

type Direction = 'read' | 'write';

/**
 * One tier behind a guard: it never throws, counts, and says once when the tier fails and once when it is back. Whether a tier that
 * failed is back is found out beside the calls, at most twice a second and only while there are calls: those go on without it.
 */
export class GuardedTier {
  readonly #logger = new Logger('CacheService');
  readonly #store: CacheStore;
  readonly #clock: Clock;
  readonly #debts = new ForgetDebts();
  readonly #failing = new Set<Direction>();
  readonly #counts = { hits: 0, misses: 0, errors: 0, skipped: 0 };
  #reason: string | undefined;
  #retryAtMs = 0;
  #trial: Promise<void> | undefined;

  constructor(store: CacheStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  get name(): string {
    return this.#store.tier;
  }

  figures(): TierFigures {
    const state = this.#failing.size === 0 ? 'up' : 'down';
    return { tier: this.name, state, ...(this.#reason === undefined ? {} : { reason: this.#reason }), ...this.#counts, bytes: this.#store.bytesHeld() };
  }

  /** Asks the tier whether it is there, so that the figures tell of now and not of its last use. */
  async look(): Promise<void> {
    if (this.#failing.size === 0) {
      await this.#attempt('read', async () => {
        await this.#store.get(SYSTEM_SCOPE, TRIAL_KEY);
      });
    } else this.#tryAgain();
    // A trial may have much to make up for; then the tier is still down.
    await within(LOOK_MS, this.#trial ?? Promise.resolve(), () => new Error('still under trial')).catch(() => undefined);
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
      this.#tryAgain();
      return false;
    }
    try {
      await call();
      return true;
    } catch (error) {
      this.#failed(direction, error);
      return false;
    }
  }

  /** A tier that cannot be read is not written to either; one that only cannot be written to (a full disk) is still read. */
  #admits(direction: Direction): boolean {
    return !this.#failing.has('read') && !this.#failing.has(direction);
  }

  #failed(direction: Direction, error: unknown): void {
    this.#counts.errors += 1;
    this.#retryAtMs = this.#clock.monotonic() + PAUSE_MS;
    this.#reason = describeError(error);
    const wasUp = this.#failing.size === 0;
    this.#failing.add(direction);
    if (wasUp) this.#logger.warn({ err: error, tier: this.name }, `cache tier ${this.name} failed and is skipped until it answers again`);
  }

  #tryAgain(): void {
    if (this.#trial !== undefined || this.#clock.monotonic() < this.#retryAtMs) return;
    this.#trial = this.#try().finally(() => {
      this.#trial = undefined;
    });
  }

  /** Up again is a tier that reads, writes, and has forgotten what it should have forgotten while it was away. */
  async #try(): Promise<void> {
    try {
      await this.#store.set(SYSTEM_SCOPE, TRIAL_KEY, new Uint8Array(), TRIAL_TTL_MS);
      await this.#store.get(SYSTEM_SCOPE, TRIAL_KEY);
      while (!this.#debts.empty) await this.#debts.settle(this.#store);
    } catch (error) {
      this.#counts.errors += 1;
      this.#retryAtMs = this.#clock.monotonic() + PAUSE_MS;
      this.#reason = describeError(error);
      return;
    }
    this.#failing.clear();
    this.#reason = undefined;
    this.#logger.log({ tier: this.name }, `cache tier ${this.name} is back`);
  }
}
