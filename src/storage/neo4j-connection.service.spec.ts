import { FakeBoltServer } from '../../test/fakes/fake-bolt-server.ts';
import { RecordedLogs } from '../../test/fakes/recorded-logs.ts';
import { openNeo4j } from '../../test/fixtures/neo4j-server.ts';
import { RandomIdSource } from '../common/clock/random-id-source.ts';
import { SystemClock } from '../common/clock/system-clock.ts';
import { loadSettings } from '../config/load-settings.ts';
import { Neo4jConnection } from './neo4j-connection.service.ts';

describe('Neo4jConnection without a real server', () => {
  let logs: RecordedLogs;
  beforeEach(() => {
    logs = new RecordedLogs();
  });
  afterEach(() => {
    logs.stop();
  });

  it.each(['Neo4j/4.4.40', 'Neo4j/5.20.0', 'Neo4j/v5.11.0 compatible graph database server - Memgraph', 'Something/9.0'])('does not use %s, and says what is needed', async (agent) => {
    const server = await FakeBoltServer.start(agent);
    const connection = await openNeo4j({ uri: server.uri, username: 'neo4j', password: 'secret-word' });
    expect(logs.texts('error')).toHaveLength(1);
    await expect(connection.read('RETURN 1')).rejects.toMatchObject({ code: 'store-version-unsupported', message: expect.stringContaining(agent), remedy: expect.stringContaining('5.26') });
    expect(JSON.stringify(logs.lines)).not.toContain('secret-word');
    await connection.onApplicationShutdown();
    await server.stop();
  });

  it('does nothing with STORE=sqlite', async () => {
    const connection = new Neo4jConnection(loadSettings({}).store, new SystemClock(), new RandomIdSource());
    await connection.onModuleInit();
    expect(await connection.poolFigures()).toBeUndefined();
    await connection.onApplicationShutdown();
    expect(logs.lines).toEqual([]);
  });
});
