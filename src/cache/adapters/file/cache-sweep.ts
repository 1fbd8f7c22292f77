import { opendir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A block of the usual file systems: what even the smallest file takes. */
const BLOCK_BYTES = 4096;
/** A sweep of a full cache goes down to this share, so that the next one is not due at once. */
const LOW_WATER = 0.8;
const STALE_MS = 3_600_000;

export const EPOCH_FILE = 'epoch';
export const UNFINISHED = '.unfinished';

/** What a sweep is about. */
export interface SweepPlan {
  readonly folder: string;
  readonly maxBytes: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Ends the sweep early; what it did so far stays. */
  readonly signal: AbortSignal;
}

interface Seen {
  readonly bytes: number;
  readonly expiresAt: number;
}

/** Bytes that a file of this size takes on the disk. */
export function diskBytes(size: number): number {
  return Math.max(1, Math.ceil(size / BLOCK_BYTES)) * BLOCK_BYTES;
}

/**
 * Removes what nobody can find any longer (past epochs, expired, unfinished), and when the rest is still too much, what expires
 * first. A file's time of change is its expiry, so no file is opened.
 * @returns bytes that are left
 */
export async function sweepCache(plan: SweepPlan): Promise<number> {
  await removeUnfinished(plan);
  await removePastEpochs(plan);
  const seen: Seen[] = [];
  for await (const { path, bytes, expiresAt } of entriesOf(plan)) {
    if (expiresAt <= plan.now) await rm(path, { force: true });
    else seen.push({ bytes, expiresAt });
  }
  const total = seen.reduce((sum, each) => sum + each.bytes, 0);
  if (total <= plan.maxBytes) return total;
  return total - (await removeUntil(plan, seen, total - plan.maxBytes * LOW_WATER));
}

/** Removes what expires first until `excess` bytes are gone; returns the bytes removed. */
async function removeUntil(plan: SweepPlan, seen: readonly Seen[], excess: number): Promise<number> {
  const cutoff = cutoffOf(seen, excess);
  let removed = 0;
  for await (const { path, bytes, expiresAt } of entriesOf(plan)) {
    if (expiresAt > cutoff) continue;
    await rm(path, { force: true });
    removed += bytes;
    if (removed >= excess) break;
  }
  return removed;
}

/** The earliest time such that what expires until then makes up `excess` bytes. */
function cutoffOf(seen: readonly Seen[], excess: number): number {
  let sum = 0;
  for (const { bytes, expiresAt } of seen.toSorted((a, b) => a.expiresAt - b.expiresAt)) {
    sum += bytes;
    if (sum >= excess) return expiresAt;
  }
  return Number.POSITIVE_INFINITY;
}

async function removeUnfinished({ folder, now }: SweepPlan): Promise<void> {
  for await (const name of namesIn(join(folder, UNFINISHED))) {
    const path = join(folder, UNFINISHED, name);
    const stats = await stat(path).catch(() => undefined);
    // The file may be being written by another process.
    if (stats !== undefined && now - stats.ctimeMs > STALE_MS) await rm(path, { force: true });
  }
}

async function removePastEpochs({ folder, signal }: SweepPlan): Promise<void> {
  for await (const scope of namesIn(folder)) {
    if (signal.aborted) return;
    const epoch = await readFile(join(folder, scope, EPOCH_FILE), 'utf8').catch(() => undefined);
    if (epoch === undefined) continue;
    for await (const name of namesIn(join(folder, scope))) {
      if (name !== EPOCH_FILE && name !== epoch) await rm(join(folder, scope, name), { recursive: true, force: true });
    }
  }
}

/** Every entry below `<folder>/<scope>/<epoch>/<2 hex>/`. */
async function* entriesOf({ folder, signal }: SweepPlan): AsyncGenerator<Seen & { readonly path: string }> {
  for await (const path of filesBelow(folder, 4)) {
    if (signal.aborted) return;
    const stats = await stat(path).catch(() => undefined);
    if (stats?.isFile() === true) yield { path, bytes: diskBytes(stats.size), expiresAt: stats.mtimeMs };
  }
}

async function* filesBelow(folder: string, depth: number): AsyncGenerator<string> {
  for await (const name of namesIn(folder)) {
    if (depth === 1) yield join(folder, name);
    else yield* filesBelow(join(folder, name), depth - 1);
  }
}

/** The names in a folder; none if it is no folder or is gone meanwhile. */
async function* namesIn(folder: string): AsyncGenerator<string> {
  const entries = await opendir(folder).catch(() => undefined);
  if (entries === undefined) return;
  for await (const entry of entries) yield entry.name;
}
