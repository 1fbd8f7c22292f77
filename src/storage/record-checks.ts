import { StorageError } from './storage.errors.ts';
import type { JsonValue } from './storage.types.ts';

const MAX_KEY_CHARACTERS = 512;
const MAX_VALUE_BYTES = 1_000_000;
const MAX_OPERATIONS = 100;
const MAX_PAGE = 1000;

const CONTROL = /\p{Cc}/u;

/**
 * A key that every record store can keep and order.
 * @throws StorageError `record-key-invalid`
 */
export function checkedKey(key: string): string {
  if (key.length === 0) throw invalidKey('A key has at least one character.');
  return checkedPrefix(key);
}

/** @throws StorageError `record-key-invalid` if no key can start like this */
export function checkedPrefix(prefix: string): string {
  if (prefix.length > MAX_KEY_CHARACTERS) throw invalidKey(`A key has at most ${String(MAX_KEY_CHARACTERS)} characters.`);
  if (CONTROL.test(prefix) || !prefix.isWellFormed()) throw invalidKey('A key has no control characters and no broken surrogate pairs.');
  return prefix;
}

/** The number of records of a page: 100 unless told, 1 to 1000. */
export function checkedLimit(limit = 100): number {
  return Math.min(MAX_PAGE, Math.max(1, Math.trunc(limit)));
}

/** @throws StorageError `record-too-large` for more operations than a transaction takes */
export function checkedOperations<T>(operations: readonly T[]): readonly T[] {
  if (operations.length <= MAX_OPERATIONS) return operations;
  throw new StorageError('record-too-large', `A transaction takes at most ${String(MAX_OPERATIONS)} operations, not ${String(operations.length)}.`);
}

/** @throws StorageError `record-key-invalid`, `record-too-large` for more keys than are looked up at once */
export function checkedKeys(keys: readonly string[]): readonly string[] {
  if (keys.length > MAX_PAGE) throw new StorageError('record-too-large', `At most ${String(MAX_PAGE)} records are looked up at once, not ${String(keys.length)}.`);
  return keys.map(checkedKey);
}

/** The value as JSON text. @throws StorageError `record-too-large` above 1 MB */
export function checkedJson(value: JsonValue): string {
  const json = JSON.stringify(value);
  const bytes = Buffer.byteLength(json);
  if (bytes <= MAX_VALUE_BYTES) return json;
  throw new StorageError('record-too-large', `A record holds at most ${String(MAX_VALUE_BYTES)} bytes of JSON, not ${String(bytes)}.`);
}

function invalidKey(message: string): StorageError {
  return new StorageError('record-key-invalid', message);
}
