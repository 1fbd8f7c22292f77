import type { Driver } from 'neo4j-driver';
import type { Clock } from '../../common/clock/clock.port.ts';
import type { PoolFigures } from '../../common/pools/pool.types.ts';

/** What the pool inside a driver tells, all servers of a cluster together. */
export type DriverPoolFigures = Omit<PoolFigures, 'pool' | 'size'>;

type Call = (...values: unknown[]) => Promise<unknown>;

/** The driver tells nothing of its pool, so this reads it where it lies; a test on a real server holds it to the driver's version. */
interface DriverPool {
  readonly _pools: Readonly<Record<string, { readonly length: number }>>;
  readonly _activeResourceCounts: Readonly<Record<string, number>>;
  readonly _acquireRequests: Readonly<Record<string, readonly unknown[]>>;
  _create: Call;
  _destroy: Call;
  acquire: Call;
}

/** Counts what a driver's pool does from now on; zeros if this driver keeps its pool elsewhere. */
export function watchDriverPool(driver: Driver, clock: Clock): () => DriverPoolFigures {
  const counts = { acquisitions: 0, acquisitionMs: 0, created: 0, closed: 0 };
  const pool = poolOf(driver);
  if (pool === undefined) return () => ({ active: 0, idle: 0, waiting: 0, ...counts });
  pool._create = before(pool._create.bind(pool), () => () => (counts.created += 1));
  pool._destroy = before(pool._destroy.bind(pool), () => () => (counts.closed += 1));
  pool.acquire = before(pool.acquire.bind(pool), () => {
    const start = clock.monotonic();
    return () => {
      counts.acquisitions += 1;
      counts.acquisitionMs += clock.monotonic() - start;
    };
  });
  return () => ({
    active: sum(Object.values(pool._activeResourceCounts)),
    idle: sum(Object.values(pool._pools).map(({ length }) => length)),
    waiting: sum(Object.values(pool._acquireRequests).map(({ length }) => length)),
    ...counts,
  });
}

/** The call, with something said when it starts and something when it has ended well. */
function before(call: Call, started: () => () => void): Call {
  return async (...values) => {
    const ended = started();
    const result = await call(...values);
    ended();
    return result;
  };
}

interface DriverWithin {
  readonly _getOrCreateConnectionProvider: () => { readonly _connectionPool: DriverPool };
}

function poolOf(driver: unknown): DriverPool | undefined {
  try {
    const pool = (driver as DriverWithin)._getOrCreateConnectionProvider()._connectionPool;
    const { _create, _destroy, acquire, _pools, _activeResourceCounts, _acquireRequests } = pool;
    const calls = [_create, _destroy, acquire].every((part) => typeof part === 'function');
    return calls && [_pools, _activeResourceCounts, _acquireRequests].every((part) => typeof part === 'object') ? pool : undefined;
  } catch {
    return undefined;
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
