import { CacheError } from '../../cache.errors.ts';

interface Kind {
  readonly sign: RegExp;
  readonly message: string;
  readonly remedy: string;
}

const AWAY: Kind = { sign: /^/, message: 'Redis cannot be reached.', remedy: 'See to the server that REDIS_URL names.' };

const KINDS: readonly Kind[] = [
  {
    sign: /^(WRONGPASS|NOAUTH|ERR invalid password|ERR invalid username)|NOAUTH/,
    message: 'Redis refuses the user or the password of REDIS_URL.',
    remedy: 'Set REDIS_URL to an address with the right user and password.',
  },
  { sign: /^NOPERM/, message: 'Redis does not allow the user of REDIS_URL what a cache needs.', remedy: 'Give that user the commands GET, MGET, SET and DEL on graphrag:*.' },
  { sign: /^OOM/, message: 'Redis has no memory left.', remedy: 'Give Redis more memory, or a maxmemory-policy that evicts.' },
  { sign: /^(LOADING|BUSY|READONLY|MASTERDOWN|CLUSTERDOWN)|LOADING/, message: 'Redis cannot serve now.', remedy: 'Wait until the server has loaded its data, or name one that takes writes.' },
  { sign: /^(Command timed out|Socket timeout|connect ETIMEDOUT)/, message: 'Redis does not answer in time.', remedy: 'See to the server that REDIS_URL names.' },
];

/**
 * What went wrong, as a CacheError that tells a refused password from a server that is away or silent.
 * @param connection the last fault of the connection, which says more than a command that found none
 */
export function redisFault(error: unknown, connection?: Error): CacheError {
  const fault = connection !== undefined && !isReply(error) ? connection : error;
  const text = fault instanceof Error ? fault.message : String(fault);
  const { message, remedy } = KINDS.find(({ sign }) => sign.test(text)) ?? AWAY;
  return new CacheError(message, { remedy, cause: withoutCommand(fault) });
}

function isReply(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}

/** ioredis hangs the command on its errors, and with AUTH that is the password. */
function withoutCommand(fault: unknown): unknown {
  if (!(fault instanceof Error)) return fault;
  const { code } = fault as { code?: unknown };
  const plain = Object.assign(new Error(fault.message), typeof code === 'string' ? { code } : {});
  plain.name = fault.name;
  if (fault.stack !== undefined) plain.stack = fault.stack;
  return plain;
}
