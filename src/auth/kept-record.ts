import type { z } from 'zod';
import type { RecordStore } from '../storage/record-store.port.ts';
import { StorageError } from '../storage/storage.errors.ts';
import { type JsonValue, SYSTEM_SCOPE } from '../storage/storage.types.ts';

/** Reads one of the service's own records; nothing if there is none. */
export async function readRecord<T>(records: RecordStore, key: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const record = await records.get(SYSTEM_SCOPE, key);
  return record === undefined ? undefined : schema.parse(record.value);
}

/**
 * Writes a record unless there is one, and returns what then stands: of several processes that start at once, all go on with what the
 * first has written.
 */
export async function keepFirst<T extends JsonValue>(records: RecordStore, key: string, schema: z.ZodType<T>, made: T): Promise<T> {
  try {
    await records.put(SYSTEM_SCOPE, key, made, { ifVersion: 0 });
    return made;
  } catch (error) {
    if (!(error instanceof StorageError) || error.code !== 'record-conflict') throw error;
    return (await readRecord(records, key, schema)) ?? made;
  }
}
