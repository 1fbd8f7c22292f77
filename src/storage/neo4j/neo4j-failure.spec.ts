import { ShutdownService } from '../../common/lifecycle/shutdown.service.ts';
import { StorageError } from '../storage.errors.ts';
import { mayBeRepeated, neo4jFailure, ofUnknownOutcome } from './neo4j-failure.ts';

const POOL = 10;
const driverError = (code: string, message = 'what the driver says'): Error => Object.assign(new Error(message), { code });
const poolTimeout = (active: number): Error =>
  driverError('N/A', `Connection acquisition timed out in 60000 ms. Pool status: Active conn count = ${String(active)}, Idle conn count = 0.`);

describe('neo4jFailure', () => {
  it.each([
    ['Neo.ClientError.Security.Unauthorized', 'store-credentials-invalid', false],
    ['Neo.ClientError.Security.AuthenticationRateLimit', 'store-credentials-invalid', false],
    ['Neo.ClientError.Security.Forbidden', 'store-credentials-invalid', false],
    ['Neo.ClientError.Database.DatabaseNotFound', 'store-database-not-found', false],
    ['Neo.ClientError.Schema.ConstraintValidationFailed', 'store-constraint-violated', false],
    ['Neo.ClientError.Cluster.NotALeader', 'store-busy', true],
    ['Neo.ClientError.Statement.EntityNotFound', 'store-busy', true],
    ['Neo.TransientError.Transaction.DeadlockDetected', 'store-busy', true],
    ['Neo.TransientError.General.MemoryPoolOutOfMemoryError', 'store-busy', true],
    ['Neo.TransientError.Database.DatabaseUnavailable', 'store-unavailable', true],
    ['Neo.DatabaseError.General.UnknownError', 'store-unavailable', true],
    ['ServiceUnavailable', 'store-unavailable', true],
    ['SessionExpired', 'store-unavailable', true],
    ['ProtocolError', 'store-unavailable', true],
  ])('turns %s into %s, with a remedy and its cause', (code, expected, retryable) => {
    const cause = driverError(code);
    expect(neo4jFailure(cause, POOL)).toMatchObject({ code: expected, retryable, cause, remedy: expect.stringMatching(/\w/) });
  });

  it('tells a pool that is full from a server that does not take connections', () => {
    expect(neo4jFailure(poolTimeout(POOL), POOL)).toMatchObject({ code: 'store-pool-exhausted' });
    expect(neo4jFailure(poolTimeout(2), POOL)).toMatchObject({ code: 'store-unavailable' });
    expect(neo4jFailure(driverError('N/A', 'Pool is closed, it is no more able to serve requests.'), POOL)).toMatchObject({ code: 'store-unavailable' });
  });

  it('leaves faults of ours, and errors that are ours already, as they are', () => {
    for (const error of [driverError('Neo.ClientError.Statement.SyntaxError'), driverError('N/A', 'odd'), new RangeError('x'), ShutdownService.refusal(), 'text']) {
      expect(neo4jFailure(error, POOL)).toBe(error);
    }
  });
});

describe('what may be repeated', () => {
  const away = new StorageError('store-unavailable', 'away', { retryable: true });

  it('is what failed for a passing reason, but not who waited in vain', () => {
    expect([away, new StorageError('store-busy', 'busy', { retryable: true })].map(mayBeRepeated)).toEqual([true, true]);
    expect([new StorageError('store-pool-exhausted', 'full', { retryable: true }), new StorageError('store-constraint-violated', 'no'), new RangeError('x')].map(mayBeRepeated)).toEqual([false, false, false]);
  });

  it('is not a commit that nobody knows the outcome of', () => {
    const unknown = ofUnknownOutcome(away);
    expect(unknown).toMatchObject({ code: 'store-unavailable', retryable: true, details: { outcome: 'unknown' }, cause: away });
    expect(mayBeRepeated(unknown)).toBe(false);
    const conflict = new StorageError('store-busy', 'deadlock', { retryable: true });
    expect(ofUnknownOutcome(conflict)).toBe(conflict);
  });
});
