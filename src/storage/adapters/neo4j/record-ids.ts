import { contentHash } from '../../../common/hash/content-hash.ts';

/** Counters that versions are drawn from: writers of different records seldom meet. */
const COUNTERS = 256;

/** Stands before the digits of a code unit from here on; itself above every code unit that stands for itself. */
const MARK = '\uFFFD';
/** Above everything a written key can hold. */
const ABOVE_ALL = '\uFFFF';

/**
 * A key written so that the order of code points, which is Neo4j's, is the order of the key's UTF-16 code units: surrogates and all
 * above them become a mark and four digits. What a key starts with, its written form starts with too.
 */
export function writtenKey(key: string): string {
  // Without the flag `u` the pattern sees code units.
  return key.replaceAll(/[\uD800-\uFFFF]/g, (unit) => MARK + unit.charCodeAt(0).toString(16));
}

/** The key that was written so. */
export function readKey(written: string): string {
  return written.replaceAll(/\uFFFD([0-9a-f]{4})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** What all ids of a scope whose keys start with the prefix lie between, both ends excluded where they are no ids themselves. */
export function idRange(scope: string, prefix: string): { readonly from: string; readonly below: string } {
  const from = recordId(scope, prefix);
  return { from, below: from + ABOVE_ALL };
}

/** One id for a scope and a key. A scope has no slash in it. */
export function recordId(scope: string, key: string): string {
  return `${scope}/${writtenKey(key)}`;
}

/** The key of an id. */
export function keyOfId(id: string): string {
  return readKey(id.slice(id.indexOf('/') + 1));
}

/** The counter of an id, always the same one. */
export function counterOf(id: string): number {
  return Number.parseInt(contentHash(id).slice(0, 8), 16) % COUNTERS;
}
