import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import type { NameLink } from './name-links.ts';
import { metaNumber } from './rows.ts';

/** Where a passage belongs and its place among equals. */
export interface PassageInfo {
  readonly document: number;
  /** Stable order of passages: compare by length, then by code unit. */
  readonly tie: string;
}

/** The last question's near passages by the names they hold. */
export interface NearIndex {
  readonly near: string;
  readonly byName: ReadonlyMap<number, readonly (NameLink & { readonly passage: number })[]>;
}

/** What a reader keeps of a file between calls; valid for one index version. */
export class ReaderMemory {
  readonly version: number;
  readonly passageCount: number;
  readonly passages = new Map<number, PassageInfo>();
  readonly wordFrequencies = new Map<string, number>();
  nearIndex: NearIndex | undefined;
  /** Whether any passage knows an alias; unknown before the first question. */
  hasAliases: boolean | undefined;

  constructor(version: number, passageCount: number) {
    this.version = version;
    this.passageCount = passageCount;
  }
}

const KEY = 'reader';
const LIMIT = 200_000;

/** The memory of a file, begun anew when the index has changed, in whatever process. */
export function readerMemory(context: SqliteContext): ReaderMemory {
  const version = metaNumber(context, 'index_version');
  const known = context.memory.get(KEY) as ReaderMemory | undefined;
  if (known?.version === version) return known;
  const made = new ReaderMemory(version, metaNumber(context, 'passages'));
  context.memory.set(KEY, made);
  return made;
}

/**
 * Values of keys from a bounded map; those that are missing are read in one go.
 * @param read gives the values it finds; for the others `absent` is kept
 */
export function remembered<K, V>(map: Map<K, V>, keys: Iterable<K>, read: (missing: readonly K[]) => Iterable<readonly [K, V]>, absent: V): Map<K, V> {
  const wanted = new Set(keys);
  const missing = [...wanted].filter((key) => !map.has(key));
  if (missing.length === 0) return map;
  if (map.size + missing.length > LIMIT) map.clear();
  const again = missing.length === wanted.size ? missing : [...wanted].filter((key) => !map.has(key));
  for (const key of again) map.set(key, absent);
  for (const [key, value] of read(again)) map.set(key, value);
  return map;
}
