// Writes chunks with vectors, entities and mentions to a real Neo4j: by executeBatch, and by a bare script that does what the driver's
// documentation advises (UNWIND over 500 rows in a managed transaction). Interleaved runs of the same statement over the same data, each
// into an empty graph; medians, and whether both ended with the same data.
// usage: eval "$(scripts/services.sh env neo4j)"; npm run build; node test/benchmarks/neo4j-batches.mjs [chunks 5000] [runs 5]
import { performance } from 'node:perf_hooks';
import 'reflect-metadata';
import neo4j from 'neo4j-driver';

const [chunks = 5000, runs = 5] = process.argv.slice(2).map(Number);
const { TEST_NEO4J_URI: uri, TEST_NEO4J_USERNAME: username = 'neo4j', TEST_NEO4J_PASSWORD: password } = process.env;
const load = (path) => import(new URL(`../../dist/${path}`, import.meta.url).href);
const { Neo4jConnection } = await load('storage/neo4j-connection.service.js');
const { Neo4jBatches } = await load('storage/neo4j-batches.service.js');
const { SystemClock } = await load('common/clock/system-clock.js');
const { RandomIdSource } = await load('common/clock/random-id-source.js');
const { loadSettings } = await load('config/load-settings.js');
const { seededRandom } = await load('cli/bench/grow/seeded-random.js');

const DIMENSIONS = 384;
const BARE_ROWS = 500;
const ENTITIES_A_CHUNK = 6;
const QUERY = `UNWIND $records AS record
  CREATE (chunk:BenchChunk {id: record.id, text: record.text, ordinal: record.ordinal, start: record.start, end: record.end})
  WITH chunk, record CALL db.create.setNodeVectorProperty(chunk, 'vector', record.vector)
  WITH chunk, record UNWIND record.entities AS entity
  MERGE (node:BenchEntity {id: entity.id}) ON CREATE SET node.name = entity.name, node.type = entity.type
  CREATE (chunk)-[:BENCH_MENTION {sentences: entity.sentences}]->(node)`;

const random = seededRandom(7);
const records = Array.from({ length: chunks }, (_, i) => ({
  id: `chunk-${i}`,
  text: Array.from({ length: 120 }, () => Math.floor(random() * 1e6).toString(36)).join(' '),
  ordinal: i,
  start: i * 700,
  end: i * 700 + 700,
  vector: Float32Array.from({ length: DIMENSIONS }, () => random() * 2 - 1),
  // A few names stand everywhere, most hardly anywhere.
  entities: Array.from({ length: ENTITIES_A_CHUNK }, (_, nth) => {
    const entity = Math.floor(random() ** 3 * chunks) * ENTITIES_A_CHUNK + nth;
    return { id: `entity-${entity}`, name: `Name ${entity}`, type: 'person', sentences: [nth] };
  }),
}));
// The bare script is given what the driver takes as it is.
const bareRecords = records.map((record) => ({
  ...record,
  ...{ ordinal: neo4j.int(record.ordinal), start: neo4j.int(record.start), end: neo4j.int(record.end), vector: Array.from(record.vector) },
  entities: record.entities.map((entity) => ({ ...entity, sentences: entity.sentences.map((nth) => neo4j.int(nth)) })),
}));

const connection = new Neo4jConnection(loadSettings({ STORE: 'neo4j', NEO4J_URI: uri, NEO4J_USERNAME: username, NEO4J_PASSWORD: password }).store, new SystemClock(), new RandomIdSource());
await connection.onModuleInit();
const batches = new Neo4jBatches(connection, new SystemClock());
const driver = neo4j.driver(uri, neo4j.auth.basic(username, password), { disableLosslessIntegers: true });

async function ours() {
  const report = await batches.executeBatch(QUERY, records);
  return `${report.totalBatches} batches from ${report.batchSize}`;
}

async function bare() {
  const session = driver.session({ database: 'neo4j' });
  for (let from = 0; from < bareRecords.length; from += BARE_ROWS) {
    const rows = bareRecords.slice(from, from + BARE_ROWS);
    await session.executeWrite((transaction) => transaction.run(QUERY, { records: rows }));
  }
  await session.close();
  return `${Math.ceil(chunks / BARE_ROWS)} batches of ${BARE_ROWS}`;
}

async function wipe() {
  for (const label of ['BenchChunk', 'BenchEntity']) {
    for (let left = 1; left > 0; ) {
      const rows = await connection.autocommit(`MATCH (n:${label}) WITH n LIMIT 5000 DETACH DELETE n RETURN count(*) AS n`);
      left = rows[0]?.n ?? 0;
    }
  }
}

const CHECK = `MATCH (c:BenchChunk) WITH count(c) AS chunks, sum(c.ordinal) AS ordinals, sum(c.vector[0]) AS vectors
  MATCH (e:BenchEntity) WITH chunks, ordinals, vectors, count(e) AS entities MATCH ()-[m:BENCH_MENTION]->() RETURN chunks, ordinals, vectors, entities, count(m) AS mentions`;

const SCHEMA = [
  'CREATE CONSTRAINT bench_chunk IF NOT EXISTS FOR (n:BenchChunk) REQUIRE n.id IS UNIQUE',
  'CREATE CONSTRAINT bench_entity IF NOT EXISTS FOR (n:BenchEntity) REQUIRE n.id IS UNIQUE',
  `CREATE VECTOR INDEX bench_vector IF NOT EXISTS FOR (n:BenchChunk) ON (n.vector) OPTIONS {indexConfig: {\`vector.dimensions\`: ${DIMENSIONS}, \`vector.similarity_function\`: 'cosine'}}`,
];
const DROP = ['DROP CONSTRAINT bench_chunk IF EXISTS', 'DROP CONSTRAINT bench_entity IF EXISTS', 'DROP INDEX bench_vector IF EXISTS'];

const ways = { executeBatch: ours, bare };
const seconds = { executeBatch: [], bare: [] };
const left = {};
await wipe();
await connection.schema(SCHEMA);
// The first round warms the server up and is not counted.
for (let run = 0; run <= runs; run += 1) {
  const order = run % 2 === 0 ? ['executeBatch', 'bare'] : ['bare', 'executeBatch'];
  for (const way of order) {
    await wipe();
    const [start, cpu] = [performance.now(), process.cpuUsage()];
    const what = await ways[way]();
    const took = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    const [row] = await connection.read(CHECK);
    left[way] = JSON.stringify({ ...row, vectors: Number(row.vectors.toFixed(6)) });
    if (run > 0) seconds[way].push(took);
    console.log(`${run === 0 ? 'warm-up' : `run ${run}`} ${way}: ${took.toFixed(2)} s, of the client's processor ${((user + system) / 1e6).toFixed(2)} s, ${what}`);
  }
}
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const rate = (way) => chunks / median(seconds[way]);
console.log(`same data in the store: ${left.executeBatch === left.bare} ${left.bare}`);
console.log(`executeBatch ${rate('executeBatch').toFixed(0)} chunks/s, bare ${rate('bare').toFixed(0)} chunks/s, ratio ${(rate('executeBatch') / rate('bare')).toFixed(2)}`);
await wipe();
await connection.schema(DROP);
await connection.onApplicationShutdown();
await driver.close();
