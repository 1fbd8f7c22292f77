import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { metaNumber } from './rows.ts';
import type { KnownTerm } from './term-counts.ts';

/** Where a passage belongs and its place among equals. */
export interface PassageInfo {
  readonly document: number;
  /** Stable order of passages: compare by length, then by code unit. */
  readonly tie: string;
}

/** A name's passages by kind of link: title, mention, in title; a list that is longer than LONG_LIST is left empty. */
export type ShortLists = readonly [titles: readonly number[], mentions: readonly number[], inTitles: readonly number[]];

/** What a reader keeps of a file between calls; valid for one index version. */
export class ReaderMemory {
  readonly version: number;
  readonly passageCount: number;
  /** In stems. */
  readonly meanTitleLength: number;
  readonly meanBodyLength: number;
  readonly passages = new Map<number, PassageInfo>();
  readonly entityFrequencies = new Map<number, number>();
  readonly terms = new Map<string, KnownTerm>();
  readonly wordFrequencies = new Map<string, number>();
  readonly lists = new Map<number, ShortLists>();

  constructor(context: SqliteContext, version: number) {
    this.version = version;
    this.passageCount = metaNumber(context, 'passages');
    const passages = Math.max(1, this.passageCount);
    this.meanTitleLength = metaNumber(context, 'title_length') / passages;
    this.meanBodyLength = metaNumber(context, 'body_length') / passages;
  }
}

const KEY = 'reader';
const LIMIT = 200_000;

/** The memory of a file, begun anew when the index has changed, in whatever process. */
export function readerMemory(context: SqliteContext): ReaderMemory {
  const version = metaNumber(context, 'index_version');
  const known = context.memory.get(KEY) as ReaderMemory | undefined;
  if (known?.version === version) return known;
  const made = new ReaderMemory(context, version);
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
