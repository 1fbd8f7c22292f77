import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { one } from './rows.ts';

const REFERENCES = [
  'select 1 from document where original_blob = ? limit 1',
  'select 1 from document where body_blob = ? limit 1',
  'select 1 from staged_generation where original_blob = ? limit 1',
  'select 1 from staged_generation where body_blob = ? limit 1',
];

/** Of the given blobs those that no visible and no staged document refers to. */
export function unreferencedBlobs(context: SqliteContext, keys: readonly string[]): string[] {
  return [...new Set(keys)].filter((key) => REFERENCES.every((sql) => one(context, sql, key) === undefined));
}
