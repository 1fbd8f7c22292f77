// Retrievals on Neo4j in this process: half of the questions to warm up, the other half, which nobody asked before, and then all again.
// usage, with the server of scripts/services.sh, after `npm run build` and an `ingest` of the corpus into the workspace with STORE=neo4j:
//   eval "$(scripts/services.sh env)"; node test/benchmarks/neo4j-retrieval.mjs <workspace> <questions.jsonl> [callers]
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { Logger } from '@nestjs/common';

const [slug, file, callers = '1'] = process.argv.slice(2);
const { TEST_NEO4J_URI: uri, TEST_NEO4J_USERNAME: username = 'neo4j', TEST_NEO4J_PASSWORD: password } = process.env;
if (uri === undefined) throw new Error('TEST_NEO4J_URI is not set: eval "$(scripts/services.sh env)"');
const K = 5;

const dist = new URL('../../dist/', import.meta.url);
const load = (path) => import(new URL(path, dist).href);
Logger.overrideLogger(['error', 'warn']);
const { Neo4jConnection } = await load('storage/neo4j-connection.service.js');
const { Neo4jGraph } = await load('graph/adapters/neo4j/neo4j-graph.service.js');
const { Neo4jPassageIndex } = await load('graph/adapters/neo4j/neo4j-passage-index.js');
const { Neo4jKnowledgeGraph } = await load('graph/adapters/neo4j/neo4j-knowledge-graph.js');
const { Neo4jProgramRunner } = await load('graph/adapters/neo4j/neo4j-program-runner.js');
const { Neo4jWorkspaceStore } = await load('graph/adapters/neo4j/neo4j-workspace-store.js');
const { SystemClock } = await load('common/clock/system-clock.js');
const { RandomIdSource } = await load('common/clock/random-id-source.js');
const { loadSettings } = await load('config/load-settings.js');
const { RETRIEVE } = await load('retrieval/chain/retrieve.program.js');
const { RETRIEVAL_DEFAULTS } = await load('retrieval/retrieval-config.js');

const { store } = loadSettings({ STORE: 'neo4j', NEO4J_URI: uri, NEO4J_USERNAME: username, NEO4J_PASSWORD: password });
const [clock, ids] = [new SystemClock(), new RandomIdSource()];
const connection = new Neo4jConnection(store, clock, ids);
const graph = new Neo4jGraph(connection);
const programs = new Neo4jProgramRunner(new Neo4jPassageIndex(graph), new Neo4jKnowledgeGraph(graph));
const workspace = await new Neo4jWorkspaceStore(graph, clock, ids).find(slug);
if (workspace === undefined) throw new Error(`there is no workspace ${slug}`);
const questions = readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(2);

async function ask({ question, gold }) {
  const start = performance.now();
  const { passages } = await programs.run(workspace, RETRIEVE, { query: question, k: 10, config: RETRIEVAL_DEFAULTS });
  const ms = performance.now() - start;
  const found = new Set(passages.slice(0, K).map(({ passage }) => passage.externalId));
  return { ms, gold: gold.length, found: gold.filter((id) => found.has(id)).length };
}

async function measure(name, list, at) {
  const [statements, cpu, start, rest] = [connection.statements(), process.cpuUsage(), performance.now(), [...list]];
  const asked = [];
  const caller = async () => {
    for (let next = rest.shift(); next !== undefined; next = rest.shift()) asked.push(await ask(next));
  };
  await Promise.all(Array.from({ length: at }, caller));
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const times = Float64Array.from(asked, ({ ms }) => ms).sort();
  const sum = (of) => asked.reduce((total, each) => total + of(each), 0);
  const recall = (100 * sum(({ found }) => found)) / sum(({ gold }) => gold);
  const perQuestion = `${((user + system) / 1000 / list.length).toFixed(1)} ms of this process, ${((connection.statements() - statements) / list.length).toFixed(2)} statements a question`;
  console.log(`${name.padEnd(18)} ${(list.length / seconds).toFixed(1)}/s  p50 ${percentile(times, 0.5)} p95 ${percentile(times, 0.95)} p99 ${percentile(times, 0.99)} ms  recall@${K} ${recall.toFixed(2)}  ${perQuestion}`);
}

const half = Math.floor(questions.length / 2);
await measure('the first half', questions.slice(0, half), 1);
await measure('never asked', questions.slice(half), Number(callers));
await measure('asked before', questions, Number(callers));
await connection.onApplicationShutdown();
