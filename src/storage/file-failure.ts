import { errnoOf } from '../common/errors/errno-of.ts';
import { StorageError } from './storage.errors.ts';

const READ_ONLY = new Set(['EROFS', 'EACCES', 'EPERM']);
const FULL = new Set(['ENOSPC', 'EDQUOT']);

/**
 * What a failed file operation means to callers; a StorageError passes as it is.
 * @param what the thing that was worked on, as the subject of a sentence: `The data folder /srv/data`
 */
export function fileFailure(error: unknown, what: string): StorageError {
  if (error instanceof StorageError) return error;
  const errno = errnoOf(error) ?? '';
  if (READ_ONLY.has(errno)) {
    return new StorageError('data-read-only', `${what} cannot be written to.`, {
      remedy: 'Give the process write access to DATA_DIR, or point DATA_DIR elsewhere.',
      cause: error,
    });
  }
  if (FULL.has(errno)) {
    return new StorageError('disk-full', `${what} cannot grow: the disk is full.`, {
      remedy: 'Free space on the disk of DATA_DIR; what was written before is safe.',
      cause: error,
    });
  }
  return new StorageError('store-unavailable', `${what} could not be used${errno === '' ? '' : ` (${errno})`}.`, {
    retryable: true,
    remedy: 'Check that DATA_DIR exists, is readable and its disk works.',
    cause: error,
  });
}
