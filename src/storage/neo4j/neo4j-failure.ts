import { AppError } from '../../common/errors/app-error.ts';
import { errnoOf } from '../../common/errors/errno-of.ts';
import { StorageError } from '../storage.errors.ts';

type Translation = (cause: unknown) => StorageError;

const away: Translation = (cause) =>
  new StorageError('store-unavailable', 'Neo4j does not answer.', {
    retryable: true,
    remedy: 'Check that Neo4j runs and that NEO4J_URI names the address of its Bolt connector; the service goes on by itself when it is back.',
    cause,
  });
const credentials: Translation = (cause) =>
  new StorageError('store-credentials-invalid', 'Neo4j refuses the user or the password.', {
    remedy: 'Correct NEO4J_USERNAME and NEO4J_PASSWORD.',
    cause,
  });
const forbidden: Translation = (cause) =>
  new StorageError('store-credentials-invalid', 'The user of Neo4j may not do this.', {
    remedy: 'Give the user that NEO4J_USERNAME names the right to read, to write and to make indexes and constraints in the database.',
    cause,
  });
const exhausted: Translation = (cause) =>
  new StorageError('store-pool-exhausted', 'No connection to Neo4j became free in time.', {
    retryable: true,
    remedy: 'Send fewer requests at once, or raise NEO4J_MAX_POOL_SIZE or NEO4J_ACQUISITION_TIMEOUT.',
    cause,
  });
const transient: Translation = (cause) =>
  new StorageError('store-busy', 'Neo4j gave the transaction up because of others at the same time.', {
    retryable: true,
    remedy: 'Try again.',
    cause,
  });
const constraint: Translation = (cause) =>
  new StorageError('store-constraint-violated', 'Neo4j refused a write that breaks one of its constraints.', {
    remedy: 'Somebody else may have written the same thing at the same time: read it again. Else report it, with the log.',
    cause,
  });
const database: Translation = (cause) =>
  new StorageError('store-database-not-found', 'Neo4j has no such database.', {
    remedy: 'Correct NEO4J_DATABASE, or create the database.',
    cause,
  });
const fault: Translation = (cause) =>
  new StorageError('store-unavailable', 'Neo4j reports a fault of its own.', {
    retryable: true,
    remedy: 'Look into the log of Neo4j: its disk may be full or a file damaged.',
    cause,
  });

/** The beginnings of the driver's and the server's codes, https://neo4j.com/docs/status-codes/current/errors/all-errors/, the longer first. */
const BY_CODE: readonly (readonly [start: string, Translation])[] = [
  ['Neo.ClientError.Security.Forbidden', forbidden],
  ['Neo.ClientError.Security.', credentials],
  ['Neo.ClientError.Schema.ConstraintValidationFailed', constraint],
  ['Neo.ClientError.Schema.ConstraintViolation', constraint],
  ['Neo.ClientError.Database.DatabaseNotFound', database],
  ['Neo.ClientError.Cluster.', transient],
  // Somebody else has deleted what this transaction was about to change.
  ['Neo.ClientError.Statement.EntityNotFound', transient],
  ['Neo.ClientError.General.ForbiddenOnReadOnlyDatabase', fault],
  ['Neo.TransientError.General.DatabaseUnavailable', away],
  ['Neo.TransientError.Database.DatabaseUnavailable', away],
  ['Neo.TransientError.', transient],
  ['Neo.DatabaseError.', fault],
  ['ServiceUnavailable', away],
  ['SessionExpired', away],
  ['ProtocolError', away],
];

/** The driver has one code, `N/A`, for all it has no code for; which is meant it tells in words. */
const POOL_TIMEOUT = /^Connection acquisition timed out in \d+ ms\. Pool status: Active conn count = (\d+)/;
const ENDED = /Pool is closed|driver is closed|closed (session|driver)|Connection was closed/i;

/**
 * What a failed call of the driver means to callers. Errors of ours pass as they are; what no caller can do anything about, such as a
 * statement that cannot be parsed, does too.
 * @param maxPoolSize connections to one server at most: with fewer in use a wait that ended in vain waited for the server
 */
export function neo4jFailure(error: unknown, maxPoolSize: number): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error;
  const code = errnoOf(error) ?? '';
  if (code === 'N/A') return notAvailable(error, maxPoolSize);
  const translate = BY_CODE.find(([start]) => code.startsWith(start))?.[1];
  return translate?.(error) ?? error;
}

/** Waited for a place in the service's own queue, or in the driver's, for too long. */
export function poolExhausted(cause?: unknown): StorageError {
  return exhausted(cause);
}

/** No answer within the time a call has. */
export function notAnswered(cause?: unknown): StorageError {
  return away(cause);
}

function notAvailable(error: Error, maxPoolSize: number): unknown {
  const active = POOL_TIMEOUT.exec(error.message)?.[1];
  if (active !== undefined) return Number(active) < maxPoolSize ? away(error) : exhausted(error);
  return ENDED.test(error.message) ? away(error) : error;
}

const UNKNOWN_OUTCOME = { outcome: 'unknown' };

/** When the connection breaks at a commit, nobody knows whether it was written: doing it again might do it twice. */
export function ofUnknownOutcome(failure: unknown): unknown {
  if (!(failure instanceof StorageError) || failure.code !== 'store-unavailable') return failure;
  return new StorageError(failure.code, 'The connection to Neo4j broke while it committed; whether it was written is not known.', {
    retryable: true,
    remedy: 'Read what there is before writing it once more.',
    details: UNKNOWN_OUTCOME,
    cause: failure,
  });
}

/** Whether the same work may be done again at once after this. */
export function mayBeRepeated(error: unknown): boolean {
  if (!(error instanceof StorageError) || error.details === UNKNOWN_OUTCOME) return false;
  return error.retryable && error.code !== 'store-pool-exhausted';
}
