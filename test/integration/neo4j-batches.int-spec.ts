import { RandomIdSource } from '../../src/common/clock/random-id-source.ts';
import { SystemClock } from '../../src/common/clock/system-clock.ts';
import { Neo4jBatches } from '../../src/storage/neo4j-batches.service.ts';
import { RecordedLogs } from '../fakes/recorded-logs.ts';
import { openNeo4j } from '../fixtures/neo4j-server.ts';
import { describeWith, neo4jService } from '../fixtures/services.ts';

describeWith(await neo4jService(), 'executeBatch on a real server', (address) => {
  it('rolls back the batch that breaks a constraint, whole, and writes the others', async () => {
    const logs = new RecordedLogs();
    const connection = await openNeo4j(address);
    const run = new RandomIdSource().uuid();
    await connection.schema(['CREATE CONSTRAINT batch_test IF NOT EXISTS FOR (t:BatchTest) REQUIRE t.id IS UNIQUE']);
    const records = Array.from({ length: 1000 }, (_, i) => ({ id: `${run}/${String(i === 555 ? 1 : i)}`, run, n: i }));
    const batches = new Neo4jBatches(connection, new SystemClock());
    await expect(
      batches.executeBatch('UNWIND $records AS record CREATE (t:BatchTest) SET t = record', records, { adaptive: false }),
    ).rejects.toMatchObject({
      code: 'store-batch-failed',
      details: { totalRecords: 1000, batchSize: 100, totalBatches: 10, failedBatches: 1, batches: [{ batch: 6, from: 500, to: 599 }] },
      cause: { errors: [expect.objectContaining({ code: 'store-constraint-violated' })] },
    });
    const [row] = await connection.read('MATCH (t:BatchTest {run: $run}) RETURN count(t) AS n, sum(CASE WHEN t.n >= 500 AND t.n < 600 THEN 1 ELSE 0 END) AS failed', { run });
    expect(row).toEqual({ n: 900, failed: 0 });
    await connection.autocommit('MATCH (t:BatchTest {run: $run}) DELETE t', { run });
    await connection.onApplicationShutdown();
    logs.stop();
  });
});
