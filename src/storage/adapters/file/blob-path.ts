import { join } from 'node:path';
import { contentHash } from '../../../common/hash/content-hash.ts';
import { StorageError } from '../../storage.errors.ts';

const KEY = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/;

/** @throws StorageError `record-key-invalid` */
export function checkedBlobKey(key: string): string {
  if (KEY.test(key)) return key;
  throw new StorageError('record-key-invalid', 'A blob key is 1 to 200 characters of A-Z, a-z, 0-9, dot, underscore and hyphen, and starts with no dot.');
}

/** The path of a blob below its scope's folder: 256 folders, so that none gets too large. */
export function blobPath(key: string): string {
  return join(contentHash(key).slice(0, 2), fileNameOf(key));
}

/**
 * The key, and where it has capitals, after a `~`, which of its characters they are, in hexadecimal: on a file system that does not
 * tell `A` from `a`, two keys must not become one file.
 */
function fileNameOf(key: string): string {
  const folded = key.toLowerCase();
  if (folded === key) return key;
  const bits = Array.from(key, (character, i) => (character === folded[i] ? '0' : '1')).join('');
  return `${folded}~${BigInt(`0b1${bits}`).toString(16)}`;
}

/** The key of a file that `blobPath` named; nothing for other files. */
export function keyOfFile(name: string): string | undefined {
  const [folded = '', capitals] = name.split('~');
  const key = capitals === undefined ? folded : withCapitals(folded, capitals);
  return KEY.test(key) && fileNameOf(key) === name ? key : undefined;
}

function withCapitals(folded: string, capitals: string): string {
  if (!/^[0-9a-f]+$/.test(capitals)) return '';
  const bits = BigInt(`0x${capitals}`).toString(2).slice(1);
  return Array.from(folded, (character, i) => (bits[i] === '1' ? character.toUpperCase() : character)).join('');
}
