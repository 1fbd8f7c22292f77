import { describeError } from '../../../common/errors/describe-error.ts';
import { CacheError } from '../../cache.errors.ts';

const LATE = 'no answer in time';

/** What an exchange that took too long is given up with. */
export function tooLate(): Error {
  return new Error(LATE);
}

/** Whether the server itself has said so; the connection is well then. memjs has no classes for its errors. */
export function isReply(error: unknown): boolean {
  return describeError(error).startsWith('MemJS ');
}

/** Whether the server has said that a value is larger than it keeps. */
export function isTooLarge(error: unknown): boolean {
  return describeError(error).startsWith('MemJS SET: Value too large');
}

/** What went wrong, as a CacheError that tells a refused password from a server that is away or silent. */
export function memcachedFault(error: unknown, address: string): CacheError {
  const text = describeError(error);
  const cause = error instanceof Error ? error : new Error(text);
  if (/authentication|Authentication/.test(text)) {
    return new CacheError('memcached refuses the user or the password of MEMCACHED_SERVERS.', { cause, remedy: 'Write servers with a password as user:password@host:port.' });
  }
  const remedy = 'See to the servers that MEMCACHED_SERVERS names.';
  if (text === LATE) return new CacheError(`memcached at ${address} does not answer in time.`, { cause, remedy });
  if (isReply(error)) return new CacheError(`memcached at ${address} refuses: ${text}.`, { cause, remedy });
  return new CacheError(`memcached at ${address} cannot be reached.`, { cause, remedy });
}
