import { setTimeout as delay } from 'node:timers/promises';
import { RandomIdSource } from '../../src/common/clock/random-id-source.ts';
import { SystemClock } from '../../src/common/clock/system-clock.ts';
import { Neo4jConnection } from '../../src/storage/neo4j-connection.service.ts';
import { eventually } from '../fakes/eventually.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { RecordedLogs } from '../fakes/recorded-logs.ts';
import { TcpFaultProxy } from '../fakes/tcp-fault-proxy.ts';
import { neo4jSettings } from '../fixtures/neo4j-server.ts';
import { describeWith, neo4jService } from '../fixtures/services.ts';

/** Starts calls one by one, `everyMs` apart, whatever becomes of those before; resolves when all have ended. */
async function underLoad<T>(calls: number, everyMs: number, call: (i: number) => Promise<T>): Promise<T[]> {
  const started: Promise<T>[] = [];
  while (started.length < calls) {
    started.push(call(started.length));
    await delay(everyMs);
  }
  return await Promise.all(started);
}

describeWith(await neo4jService(), 'Neo4j behind a faulty network', (address) => {
  const opened: Neo4jConnection[] = [];
  let logs: RecordedLogs;
  let proxy: TcpFaultProxy;

  beforeEach(async () => {
    logs = new RecordedLogs();
    const { hostname, port } = new URL(address.uri);
    proxy = await TcpFaultProxy.start({ host: hostname, port: Number(port) });
  });
  afterEach(async () => {
    proxy.heal();
    await Promise.all(opened.splice(0).map((connection) => connection.onApplicationShutdown()));
    await proxy.stop();
    logs.stop();
  });

  const open = async (env: Record<string, string> = {}, clock: FakeClock | SystemClock = new SystemClock()): Promise<Neo4jConnection> => {
    const uri = `bolt://127.0.0.1:${String(proxy.port)}`;
    const connection = new Neo4jConnection(neo4jSettings({ ...address, uri }, env), clock, new RandomIdSource());
    opened.push(connection);
    await connection.onModuleInit();
    return connection;
  };
  const timed = async (work: Promise<unknown>): Promise<{ ms: number; error: unknown }> => {
    const start = performance.now();
    const error: unknown = await work.then(() => undefined, (reason: unknown) => reason);
    return { ms: performance.now() - start, error };
  };
  /** Asks until Neo4j answers; how long that took. */
  const untilUp = async (connection: Neo4jConnection): Promise<number> => {
    const start = performance.now();
    while ((await timed(connection.ping())).error !== undefined);
    return performance.now() - start;
  };

  it('fails who waits too long for a place, with the remedy, and serves the next', async () => {
    const connection = await open({ NEO4J_MAX_POOL_SIZE: '1', NEO4J_ACQUISITION_TIMEOUT: '200ms' });
    const { promise: held, resolve: release } = Promise.withResolvers<undefined>();
    const holding = connection.write(() => held);
    await expect(connection.read('RETURN 1 AS one')).rejects.toMatchObject({ code: 'store-pool-exhausted', retryable: true, remedy: expect.stringContaining('NEO4J_MAX_POOL_SIZE') });
    // Health does not wait for a place.
    await connection.ping();
    release(undefined);
    await holding;
    expect(await connection.read('RETURN 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('tells within 2 s that the server is stalled, and within 5 s that it is back; what was asked meanwhile is answered', async () => {
    const connection = await open();
    await connection.ping();
    proxy.stall();
    const asked = [connection.read('RETURN 1 AS one'), connection.write((tx) => tx.run('RETURN 2 AS two'))];
    const { ms, error } = await timed(connection.ping());
    expect(error).toMatchObject({ code: 'store-unavailable' });
    expect(ms).toBeLessThan(2000);
    proxy.resume();
    expect(await untilUp(connection)).toBeLessThan(5000);
    expect(await Promise.all(asked)).toEqual([[{ one: 1 }], [{ two: 2 }]]);
  });

  it('fails at once while the server is gone, and goes on within 5 s of its return', async () => {
    const connection = await open();
    proxy.cutOff();
    const { ms, error } = await timed(connection.read('RETURN 1 AS one'));
    expect(error).toMatchObject({ code: 'store-unavailable', retryable: true });
    expect(ms).toBeLessThan(2000);
    expect((await timed(connection.ping())).error).toMatchObject({ code: 'store-unavailable' });
    proxy.heal();
    expect(await untilUp(connection)).toBeLessThan(5000);
    expect(await connection.read('RETURN 1 AS one')).toEqual([{ one: 1 }]);
  });

  it.each(['stall', 'cutOff'] as const)('loses nothing that was said to be written while the server is away for 5 s under load (%s)', async (fault) => {
    const connection = await open();
    const run = new RandomIdSource().uuid();
    const outcomes = await underLoad(300, 20, async (i) => {
      if (i === 20) proxy[fault]();
      if (i === 270) proxy.heal();
      return await timed(connection.write((tx) => tx.run('CREATE (t:LoadTest {run: $run, n: $i})', { run, i })));
    });
    expect(await untilUp(connection)).toBeLessThan(5000);
    const rows = await connection.read<{ n: number }>('MATCH (t:LoadTest {run: $run}) RETURN t.n AS n', { run });
    const kept = new Set(rows.map(({ n }) => n));
    const written = outcomes.flatMap(({ error }, i) => (error === undefined ? [i] : []));
    expect(written.filter((i) => !kept.has(i))).toEqual([]);
    // What was asked in the first second of a stall waits for its end; what comes later is refused at once, as when the server is gone.
    expect(written.length).toBeGreaterThan(fault === 'stall' ? 60 : 30);
    for (const { error } of outcomes) expect([undefined, 'store-unavailable']).toContain(error === undefined ? error : (error as { code: string }).code);
    expect(Math.max(...outcomes.map(({ ms }) => ms))).toBeLessThan(10_000);
    await connection.autocommit('MATCH (t:LoadTest {run: $run}) DELETE t', { run });
  }, 60_000);

  it('reads on over a connection that broke between two calls', async () => {
    const connection = await open();
    for (let i = 0; i < 5; i += 1) {
      proxy.reset();
      expect(await connection.read('RETURN 1 AS one')).toEqual([{ one: 1 }]);
      expect(await connection.write((tx) => tx.run('RETURN 1 AS one'))).toEqual([{ one: 1 }]);
    }
  });

  it('starts while the server is stalled, within seconds, and heals', async () => {
    proxy.stall();
    const { ms } = await timed(open());
    expect(ms).toBeLessThan(5000);
    expect(logs.texts('error')).toHaveLength(1);
    proxy.resume();
    expect(await opened[0]?.read('RETURN 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('gives a look-up up after its deadline, and its connections when they stay silent', async () => {
    const clock = new FakeClock();
    const connection = await open({}, clock);
    proxy.stall();
    const read = timed(connection.read('RETURN 1 AS one'));
    await eventually(() => connection.statements() > 5);
    await clock.advance(30_000);
    expect((await read).error).toMatchObject({ code: 'store-unavailable' });
    await clock.advance(5000);
    expect(logs.texts('warn')).toEqual(['connections to Neo4j do not answer; new ones are opened']);
    proxy.resume();
    expect(await connection.read('RETURN 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('tells who aborts at once, and the server with it', async () => {
    const connection = await open({ NEO4J_MAX_POOL_SIZE: '1' });
    const controller = new AbortController();
    const long = connection.read('UNWIND range(1, 1000000000) AS n RETURN sum(n * n) AS sum', {}, controller.signal);
    const refused = expect(long).rejects.toThrow('gone');
    controller.abort(new Error('gone'));
    await refused;
    // The only place is free again long before the statement would have ended.
    expect(await connection.read('RETURN 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('waits at a stop for what is under way, and refuses what comes later', async () => {
    const connection = await open();
    const { promise: held, resolve: release } = Promise.withResolvers<undefined>();
    const writing = connection.write(async (tx) => {
      await held;
      return await tx.run('RETURN 1 AS one');
    });
    const stopping = connection.onApplicationShutdown();
    await expect(connection.read('RETURN 1')).rejects.toMatchObject({ code: 'shutting-down' });
    release(undefined);
    expect(await writing).toEqual([{ one: 1 }]);
    await stopping;
    expect(logs.texts('warn')).toEqual([]);
    await eventually(() => proxy.open === 0);
  });

  it('tells at a stop what does not end, instead of leaving it without an answer', async () => {
    const clock = new FakeClock();
    const connection = await open({}, clock);
    proxy.stall();
    const read = timed(connection.read('RETURN 1 AS one'));
    const stopping = connection.onApplicationShutdown();
    await clock.advance(5000);
    expect((await read).error).toMatchObject({ code: 'shutting-down' });
    await stopping;
    expect(logs.texts('warn')).toEqual(['stopping: 1 calls to Neo4j are cut off']);
  });
});
