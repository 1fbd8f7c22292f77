import { RandomIdSource } from '../../src/common/clock/random-id-source.ts';
import type { PoolFigures } from '../../src/common/pools/pool.types.ts';
import type { Neo4jConnection } from '../../src/storage/neo4j-connection.service.ts';
import { RecordedLogs } from '../fakes/recorded-logs.ts';
import { openNeo4j } from '../fixtures/neo4j-server.ts';
import { describeWith, neo4jService } from '../fixtures/services.ts';

function never(): never {
  throw new Error('there is a pool');
}

describeWith(await neo4jService(), 'Neo4jConnection on a real server', (address) => {
  const opened: Neo4jConnection[] = [];
  let logs: RecordedLogs;

  beforeAll(async () => {
    // A server that has only just started takes longer for the first connection than a start waits.
    const first = await openNeo4j(address);
    await first.read('RETURN 1 AS one');
    await first.onApplicationShutdown();
  });
  beforeEach(() => {
    logs = new RecordedLogs();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((connection) => connection.onApplicationShutdown()));
    logs.stop();
  });

  const open = async (env: Record<string, string> = {}): Promise<Neo4jConnection> => {
    const connection = await openNeo4j(address, env);
    opened.push(connection);
    return connection;
  };

  it('logs what it connected to and with which settings, without the password', async () => {
    await open();
    const line = logs.lines.find(({ text }) => text.startsWith('connected to Neo4j/'));
    expect(line?.data).toMatchObject({ maxPoolSize: 50, maxConnectionLifetimeMs: 3_600_000, connectionTimeoutMs: 30_000, acquisitionTimeoutMs: 60_000, livenessCheckTimeoutMs: 60_000, fetchSize: 1000 });
    expect(line?.data).not.toHaveProperty('password');
  });

  it('gives plain rows and numbers', async () => {
    const connection = await open();
    const parameters = { whole: 7, broken: 1.5, list: [1, 2], mixed: [1, 0.5], vector: Float32Array.of(1, 0.5), none: null, text: 'ü', nested: { a: [{ b: 2 }] } };
    const rows = await connection.read('UNWIND range(1, $whole) AS n WITH n LIMIT $whole RETURN max(n) AS n, valueType($whole) AS type, valueType($vector) AS vectorType, $mixed AS mixed, $vector AS vector, $nested AS nested, $none AS none, $text AS text', parameters);
    expect(rows).toEqual([{ n: 7, type: 'INTEGER NOT NULL', vectorType: 'LIST<FLOAT NOT NULL> NOT NULL', mixed: [1, 0.5], vector: [1, 0.5], nested: parameters.nested, none: null, text: 'ü' }]);
    expect(connection.statements()).toBeGreaterThanOrEqual(2);
  });

  it('writes all of a transaction or nothing', async () => {
    const connection = await open();
    const marker = new RandomIdSource().uuid();
    const count = async (): Promise<unknown> => (await connection.read('MATCH (t:ConnectionTest {marker: $marker}) RETURN count(t) AS n', { marker }))[0]?.['n'];
    await expect(
      connection.write(async (tx) => {
        await tx.run('CREATE (:ConnectionTest {marker: $marker})', { marker });
        throw new RangeError('no');
      }),
    ).rejects.toThrow(RangeError);
    expect(await count()).toBe(0);
    expect(await connection.write(async (tx) => (await tx.run<{ n: number }>('CREATE (t:ConnectionTest {marker: $marker}) RETURN 3 AS n', { marker }))[0]?.n)).toBe(3);
    expect(await count()).toBe(1);
    await connection.autocommit('MATCH (t:ConnectionTest {marker: $marker}) DELETE t', { marker });
    expect(await count()).toBe(0);
  });

  it.each([
    ['a wrong password', { NEO4J_PASSWORD: 'wrong' }, 'store-credentials-invalid', /NEO4J_PASSWORD/],
    ['a wrong database', { NEO4J_DATABASE: 'nowhere' }, 'store-database-not-found', /NEO4J_DATABASE/],
    ['a wrong address', { NEO4J_URI: 'bolt://127.0.0.1:1' }, 'store-unavailable', /NEO4J_URI/],
    ['a name that is none', { NEO4J_URI: 'neo4j://nowhere.invalid:7687' }, 'store-unavailable', /NEO4J_URI/],
  ])('starts with %s, and says what is wrong', async (_, env, code, remedy) => {
    const connection = await open(env);
    expect(logs.texts('error')).toHaveLength(1);
    const failure: unknown = await connection.read('RETURN 1').catch((error: unknown) => error);
    expect(failure).toMatchObject({ code, remedy: expect.stringMatching(remedy) });
  });

  it('reads what it wrote, with an address of a cluster too', async () => {
    const connection = await open({ NEO4J_URI: address.uri.replace(/^bolt/, 'neo4j') });
    const marker = new RandomIdSource().uuid();
    await connection.write((tx) => tx.run('CREATE (:ConnectionTest {marker: $marker})', { marker }));
    expect(await connection.read('MATCH (t:ConnectionTest {marker: $marker}) RETURN count(t) AS n', { marker })).toEqual([{ n: 1 }]);
    await connection.autocommit('MATCH (t:ConnectionTest {marker: $marker}) DELETE t', { marker });
  });

  it('lets processes that start at once all make the schema', async () => {
    const connections = await Promise.all(Array.from({ length: 8 }, () => open({ NEO4J_MAX_POOL_SIZE: '1' })));
    const statements = ['CREATE CONSTRAINT schema_test IF NOT EXISTS FOR (t:SchemaTest) REQUIRE t.id IS UNIQUE', 'CREATE INDEX schema_test_x IF NOT EXISTS FOR (t:SchemaTest) ON (t.x)'];
    await Promise.all(connections.map((connection) => connection.schema(statements)));
    // Eight at once may take longer than a start waits; then the first call has connected.
    expect(logs.texts('error').filter((text) => !text.includes('it is tried again with every call'))).toEqual([]);
    await connections[0]?.schema(['DROP CONSTRAINT schema_test IF EXISTS', 'DROP INDEX schema_test_x IF EXISTS']);
  });

  it('counts what its pool does', async () => {
    const connection = await open({ NEO4J_MAX_POOL_SIZE: '3' });
    const figures = async (): Promise<PoolFigures> => (await connection.poolFigures()) ?? never();
    const start = await figures();
    expect(start).toMatchObject({ pool: 'neo4j', size: 3, active: 0, waiting: 0, closed: 0 });
    // Enough work for the calls to meet each other.
    const calls = Array.from({ length: 12 }, () => connection.read('UNWIND range(1, 200000) AS n RETURN sum(n) AS sum'));
    expect(await figures()).toMatchObject({ waiting: 9 });
    await Promise.all(calls);
    const end = await figures();
    expect(end).toMatchObject({ active: 0, waiting: 0, closed: 0, created: 3, idle: 3 });
    expect(end.acquisitions - start.acquisitions).toBeGreaterThanOrEqual(12);
    expect(end.acquisitionMs).toBeGreaterThan(start.acquisitionMs);
  });

  it('passes faults of ours as they are', async () => {
    const connection = await open();
    await expect(connection.read('RETURN nothing at all')).rejects.toMatchObject({ code: 'Neo.ClientError.Statement.SyntaxError' });
  });
});
