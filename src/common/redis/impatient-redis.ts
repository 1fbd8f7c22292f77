import type { RedisOptions } from 'ioredis';

/** Options of a client with which nobody waits for a Redis that is away: no queue, no second try of a command, a limit for each answer. */
export const IMPATIENT: RedisOptions = {
  lazyConnect: true,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  connectTimeout: 500,
  commandTimeout: 150,
  // A server that hangs does not take part in the end of its connection.
  disconnectTimeout: 200,
  disableClientInfo: true,
};
