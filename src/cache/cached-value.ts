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
  const expiresAt = expiryOf(packed);
  return expiresAt === undefined ? undefined : { value: new Uint8Array(packed.subarray(HEAD_BYTES)), expiresAt };
}

/**
 * The same without a copy, for bytes that belong to the caller and are not needed any longer: the value is moved to where they began,
 * so it starts at the front of its buffer if they did. Making new memory is most of what a hit in memory costs.
 */
export function unpackInPlace(packed: Uint8Array): CachedValue | undefined {
  const expiresAt = expiryOf(packed);
  if (expiresAt === undefined) return undefined;
  packed.copyWithin(0, HEAD_BYTES);
  return { value: packed.subarray(0, packed.byteLength - HEAD_BYTES), expiresAt };
}

function expiryOf(packed: Uint8Array): number | undefined {
  if (packed.byteLength < HEAD_BYTES) return undefined;
  return new DataView(packed.buffer, packed.byteOffset, packed.byteLength).getFloat64(0);
}
