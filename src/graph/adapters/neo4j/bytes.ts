import { type NameLink, linkInts, packLinks } from '../../indexing/name-links.ts';

/** Bytes as the driver takes and gives them. */
export type StoredBytes = Int8Array;

export function storedLinks(links: readonly NameLink[]): StoredBytes {
  const packed = packLinks(links);
  return new Int8Array(packed.buffer, packed.byteOffset, packed.byteLength);
}

/** The packed integers of a passage's links; of a passage without any, none. */
export function linkIntsOf(stored: StoredBytes | null): Int32Array {
  return stored === null ? new Int32Array() : linkInts(new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength));
}

export function sameBytes(a: StoredBytes, b: StoredBytes): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
