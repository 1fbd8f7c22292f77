import { createHash } from 'node:crypto';

/*
 * A cache file: magic and version (4 bytes), length of the value (uint32), expiry (float64, milliseconds since the epoch), checksum
 * (16 bytes, over the identity, the fields before it and the value), then the value. Numbers are big endian.
 */
const MAGIC = Buffer.from('GRC1', 'latin1');
const LENGTH_AT = 4;
const EXPIRY_AT = 8;
const CHECKSUM_AT = 16;
const VALUE_AT = 32;

/** The largest value the length field can tell. */
export const MAX_VALUE_BYTES = 0xffff_ffff;

/** What a cache file holds. */
export interface CacheFileEntry {
  readonly value: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** @param identity whose value it is; a file that got under another name does not pass for that one's */
export function encodeCacheFile(identity: string, { value, expiresAt }: CacheFileEntry): Buffer {
  const file = Buffer.alloc(VALUE_AT + value.byteLength);
  MAGIC.copy(file);
  file.writeUInt32BE(value.byteLength, LENGTH_AT);
  file.writeDoubleBE(expiresAt, EXPIRY_AT);
  file.set(value, VALUE_AT);
  checksum(identity, file).copy(file, CHECKSUM_AT);
  return file;
}

/** Nothing for a file that is torn, damaged, of another version or another identity's. */
export function decodeCacheFile(identity: string, file: Buffer): CacheFileEntry | undefined {
  if (file.byteLength < VALUE_AT || !file.subarray(0, MAGIC.byteLength).equals(MAGIC)) return undefined;
  if (file.readUInt32BE(LENGTH_AT) !== file.byteLength - VALUE_AT) return undefined;
  if (!checksum(identity, file).equals(file.subarray(CHECKSUM_AT, VALUE_AT))) return undefined;
  return { value: new Uint8Array(file.subarray(VALUE_AT)), expiresAt: file.readDoubleBE(EXPIRY_AT) };
}

function checksum(identity: string, file: Buffer): Buffer {
  return createHash('sha256').update(identity).update('\0').update(file.subarray(0, CHECKSUM_AT)).update(file.subarray(VALUE_AT)).digest().subarray(0, 16);
}
