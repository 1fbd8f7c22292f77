const HEAD_BYTES = 8;

/** A value with the time it expires at, so that every tier can tell how long it may still be kept. */
export interface CachedValue {
  readonly value: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** What a tier stores: 8 bytes with the time of expiry, then the value. */
export function packValue({ value, expiresAt }: CachedValue): Uint8Array {
  const packed = new Uint8Array(HEAD_BYTES + value.byteLength);
  new DataView(packed.buffer).setFloat64(0, expiresAt);
  packed.set(value, HEAD_BYTES);
  return packed;
}

/** The opposite of `packValue`; nothing for bytes that cannot be one. The value is a copy that starts at the front of its buffer. */
export function unpackValue(packed: Uint8Array): CachedValue | undefined {
  if (packed.byteLength < HEAD_BYTES) return undefined;
  const expiresAt = new DataView(packed.buffer, packed.byteOffset, packed.byteLength).getFloat64(0);
  return { value: new Uint8Array(packed.subarray(HEAD_BYTES)), expiresAt };
}
