// Fetches the surroundings of entities from a real Neo4j through the service's port: one caller and twenty, behind a proxy that takes 5 ms
// each way and without it; and beside it, without the proxy, a bare script that sends the same statements in twenty sessions as the
// driver's documentation advises. The entities are those that questions name. Interleaved runs; medians. The proxy has a thread of its own.
// usage: eval "$(scripts/services.sh env neo4j)"; npm run build
//        node test/benchmarks/neo4j-graph-fetch.mjs <workspace made by STORE=neo4j ingest> <questions.jsonl> [seconds 4] [rounds 3]
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { URL } from 'node:url';
import { Worker } from 'node:worker_threads';
import 'reflect-metadata';
import neo4j from 'neo4j-driver';

const [slug, file, seconds = '4', rounds = '3'] = process.argv.slice(2);
const { TEST_NEO4J_URI: uri, TEST_NEO4J_USERNAME: username = 'neo4j', TEST_NEO4J_PASSWORD: password } = process.env;
const load = (path) => import(new URL(`../../dist/${path}`, import.meta.url).href);
const { Neo4jConnection } = await load('storage/neo4j-connection.service.js');
const { Neo4jGraph } = await load('graph/adapters/neo4j/neo4j-graph.service.js');
const { Neo4jKnowledgeGraph } = await load('graph/adapters/neo4j/neo4j-knowledge-graph.js');
const { Neo4jWorkspaceStore } = await load('graph/adapters/neo4j/neo4j-workspace-store.js');
const { namesInQuestions } = await load('cli/bench/named-entities.js');
const { SystemClock } = await load('common/clock/system-clock.js');
const { RandomIdSource } = await load('common/clock/random-id-source.js');
const { loadSettings } = await load('config/load-settings.js');

const CALLERS = 20;
const DELAY_MS = 5;

async function open(address) {
  const { store } = loadSettings({ STORE: 'neo4j', NEO4J_URI: address, NEO4J_USERNAME: username, NEO4J_PASSWORD: password });
  const connection = new Neo4jConnection(store, new SystemClock(), new RandomIdSource());
  await connection.onModuleInit();
  return { connection, graph: new Neo4jGraph(connection) };
}

const direct = await open(uri);
const workspace = await new Neo4jWorkspaceStore(direct.graph, new SystemClock(), new RandomIdSource()).find(slug);
if (workspace === undefined) throw new Error(`there is no workspace ${slug}; make one with STORE=neo4j graphrag-chat ingest`);
const questions = readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line).question);
const candidates = await namesInQuestions(new Neo4jKnowledgeGraph(direct.graph), workspace, questions);
const names = [];

// What the port sends is noted once, so that the bare script sends the same.
const statements = [];
const noting = new Neo4jGraph({ ...direct.connection, read: async (cypher, parameters, signal) => { statements.at(-1)?.push([cypher, parameters]); return await direct.connection.read(cypher, parameters, signal); } });
const known = new Neo4jKnowledgeGraph(noting);
for (const entity of candidates) {
  statements.push([]);
  try {
    await known.neighbourhood(workspace, { entity, depth: 1, limit: 50 });
    names.push(entity);
  } catch (error) {
    // A name that is no entity.
    if (error.code !== 'entity-not-found') throw error;
    statements.pop();
  }
}

const driver = neo4j.driver(uri, neo4j.auth.basic(username, password), { disableLosslessIntegers: true, maxConnectionPoolSize: 50 });
async function bare(number) {
  const session = driver.session({ defaultAccessMode: neo4j.session.READ });
  try {
    for (const [cypher, parameters] of statements[number % statements.length]) {
      const given = Object.fromEntries(Object.entries(parameters ?? {}).map(([key, value]) => [key, Number.isInteger(value) ? neo4j.int(value) : value]));
      await session.executeRead((transaction) => transaction.run(cypher, given));
    }
  } finally {
    await session.close();
  }
}
const portOf = ({ graph }) => {
  const knowledge = new Neo4jKnowledgeGraph(graph);
  return (number) => knowledge.neighbourhood(workspace, { entity: names[number % names.length], depth: 1, limit: 50 });
};

/** Fetches a second, over so many seconds. */
async function rate(fetch, callers) {
  let done = 0;
  const until = performance.now() + Number(seconds) * 1000;
  const started = performance.now();
  const caller = async (first) => {
    for (let number = first; performance.now() < until; number += callers) {
      await fetch(number);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, first) => caller(first)));
  return done / ((performance.now() - started) / 1000);
}

const { hostname, port } = new URL(uri);
const proxy = new Worker(new URL('latency-proxy.mjs', import.meta.url), { workerData: { host: hostname, port: Number(port), delayMs: DELAY_MS } });
const [proxyPort] = await once(proxy, 'message');
const proxied = await open(`bolt://127.0.0.1:${proxyPort}`);
const runs = {
  'proxied, 1 caller': () => rate(portOf(proxied), 1),
  [`proxied, ${CALLERS} callers`]: () => rate(portOf(proxied), CALLERS),
  '1 caller': () => rate(portOf(direct), 1),
  [`${CALLERS} callers`]: () => rate(portOf(direct), CALLERS),
  [`bare, ${CALLERS} sessions`]: () => rate(bare, CALLERS),
};
const found = Object.fromEntries(Object.keys(runs).map((name) => [name, []]));
for (const run of Object.values(runs)) await run();
for (let round = 0; round < Number(rounds); round += 1) for (const [name, run] of Object.entries(runs)) found[name].push(await run());
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const medians = Object.fromEntries(Object.entries(found).map(([name, values]) => [name, Math.round(median(values) * 10) / 10]));
console.log(JSON.stringify({ entities: names.length, statementsAFetch: statements.flat().length / statements.length, perSecond: medians }));
console.log(JSON.stringify({
  proxiedConcurrentOfSequential: Math.round((medians[`proxied, ${CALLERS} callers`] / medians['proxied, 1 caller']) * 10) / 10,
  ofBare: Math.round((medians[`${CALLERS} callers`] / medians[`bare, ${CALLERS} sessions`]) * 100) / 100,
}));
await driver.close();
await proxied.connection.onApplicationShutdown();
await direct.connection.onApplicationShutdown();
await proxy.terminate();
