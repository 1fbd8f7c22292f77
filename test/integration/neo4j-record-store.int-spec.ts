import { RandomIdSource } from '../../src/common/clock/random-id-source.ts';
import { SystemClock } from '../../src/common/clock/system-clock.ts';
import { Neo4jRecordStore } from '../../src/storage/adapters/neo4j/neo4j-record-store.ts';
import type { Neo4jConnection } from '../../src/storage/neo4j-connection.service.ts';
import { SYSTEM_SCOPE, workspaceScope } from '../../src/storage/storage.types.ts';
import { describeRecordStore } from '../contract/record-store.contract.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { RecordedLogs } from '../fakes/recorded-logs.ts';
import { FixtureProcess } from '../fixtures/child-process.ts';
import { openNeo4j } from '../fixtures/neo4j-server.ts';
import { describeWith, neo4jService } from '../fixtures/services.ts';

const newNamespace = (): string => `test${new RandomIdSource().uuid().slice(0, 8)}-`;

async function removeAll(connection: Neo4jConnection, namespace: string): Promise<void> {
  await connection.autocommit('MATCH (record:Record) WHERE record.id STARTS WITH $namespace DELETE record', { namespace });
}

describeWith(await neo4jService(), 'Neo4jRecordStore on a real server', (address) => {
  describeRecordStore('neo4j', async () => {
    const logs = new RecordedLogs();
    const [graph, clock, namespace] = [await openNeo4j(address), new FakeClock(), newNamespace()];
    return {
      store: new Neo4jRecordStore({ graph, clock, namespace }),
      clock,
      close: async () => {
        await removeAll(graph, namespace);
        await graph.onApplicationShutdown();
        logs.stop();
      },
    };
  });

  let graph: Neo4jConnection;
  let namespace: string;
  let logs: RecordedLogs;

  beforeAll(async () => {
    logs = new RecordedLogs();
    graph = await openNeo4j(address);
  });
  beforeEach(() => {
    namespace = newNamespace();
  });
  afterEach(() => removeAll(graph, namespace));
  afterAll(async () => {
    await graph.onApplicationShutdown();
    logs.stop();
  });

  const store = (clock = new SystemClock()): Neo4jRecordStore => new Neo4jRecordStore({ graph, clock, namespace });

  it('loses no update among three processes that start at once', async () => {
    const { uri, username, password } = address;
    const writers = Array.from({ length: 3 }, () => new FixtureProcess('./neo4j-record-writer.ts', uri, username, password, namespace, '40'));
    await Promise.all(writers.map((writer) => writer.ended()));
    expect((await store().get(SYSTEM_SCOPE, 'counter'))?.value).toBe(120);
  }, 60_000);

  it('loses no update of transactions that take the same records in different orders', async () => {
    const keys = ['a', 'b', 'c', 'd'];
    const add = async (order: readonly string[]): Promise<void> => {
      const operations = order.map((key) => ({ kind: 'put', key, value: order } as const));
      await store().transact(SYSTEM_SCOPE, operations);
    };
    await Promise.all(Array.from({ length: 40 }, (_, i) => add(i % 2 === 0 ? keys : keys.toReversed())));
    const { records } = await store().list(SYSTEM_SCOPE, '');
    expect(new Set(records.map(({ value }) => JSON.stringify(value))).size).toBe(1);
  });

  it('removes expired records with later writes, and none that was written anew', async () => {
    const clock = new FakeClock();
    const records = store(clock);
    for (const key of ['gone', 'kept']) await records.put(SYSTEM_SCOPE, key, 1, { ttlMs: 10 });
    await clock.advance(60_000);
    await records.put(SYSTEM_SCOPE, 'kept', 2);
    const rows = await graph.read<{ id: string }>('MATCH (record:Record) WHERE record.id STARTS WITH $namespace RETURN record.id AS id', { namespace });
    expect(rows).toEqual([{ id: `${namespace}system/kept` }]);
  });

  it('pages earlier than asked when the values are large', async () => {
    const scope = workspaceScope({ uid: 'large' });
    const value = 'x'.repeat(999_000);
    for (let i = 0; i < 12; i += 1) await store().put(scope, `k${String(i).padStart(2, '0')}`, value);
    const page = await store().list(scope, '', { limit: 1000 });
    expect(page.records.length).toBeLessThan(12);
    const rest = await store().list(scope, '', { limit: 1000, cursor: page.nextCursor ?? '' });
    expect([...page.records, ...rest.records].map(({ key }) => key)).toEqual(Array.from({ length: 12 }, (_, i) => `k${String(i).padStart(2, '0')}`));
    expect(rest.nextCursor).toBeUndefined();
  }, 60_000);

  it('clears a scope of more records than a page', async () => {
    const scope = workspaceScope({ uid: 'many' });
    const operations = (from: number) => Array.from({ length: 100 }, (_, i) => ({ kind: 'put', key: `k${String(from + i)}`, value: i } as const));
    for (let from = 0; from < 1200; from += 100) await store().transact(scope, operations(from));
    await store().put(workspaceScope({ uid: 'many2' }), 'other', 1);
    await store().clear(scope);
    expect((await store().list(scope, '')).records).toEqual([]);
    expect((await store().get(workspaceScope({ uid: 'many2' }), 'other'))?.value).toBe(1);
  }, 60_000);
});
