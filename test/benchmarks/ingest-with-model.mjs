// Ingestion with a model, measured against what its calls alone would take. The model is the stub of the benchmarks beside the project;
// every figure is of a whole command in a process of its own, start of the process included, unless it says otherwise.
// usage: npm run build; node test/benchmarks/ingest-with-model.mjs <corpus.jsonl> [bound|workers|rivals|limit|refusals|delete ...]
import { spawn } from 'node:child_process';
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const [corpus, ...asked] = process.argv.slice(2);
const root = fileURLToPath(new URL('../../', import.meta.url));
const stubFile = join(root, '..', 'shared', 'bench', 'stub-openai.mjs');
if (corpus === undefined || !existsSync(stubFile)) {
  console.error(corpus === undefined ? 'usage: node test/benchmarks/ingest-with-model.mjs <corpus.jsonl> [names]' : 'skipped: the stub model server is not beside the project');
  process.exit(corpus === undefined ? 2 : 0);
}
const lines = readFileSync(corpus, 'utf8').split('\n').filter((line) => line !== '');
const work = mkdtempSync(join(tmpdir(), 'graphrag-chat-bench-'));
const freePort = () => new Promise((resolve) => { const server = createServer().listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => resolve(port)); }); });

async function stub(env) {
  const port = await freePort();
  const child = spawn(process.execPath, [stubFile], { env: { PATH: process.env.PATH, PORT: String(port), ...env }, stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  for (let up = false; !up; up = await globalThis.fetch(`${url}/health`).then(() => true, () => false)) await delay(50);
  const stats = async () => await (await globalThis.fetch(`${url}/stats`)).json();
  return { url, stats, stop: () => child.kill() };
}

let folders = 0;
const folder = () => join(work, `data-${(folders += 1)}`);
function passages(count) {
  const file = join(work, `passages-${count}.jsonl`);
  if (!existsSync(file)) writeFileSync(file, lines.slice(0, count).join('\n'));
  return file;
}

async function command(args, env) {
  const started = performance.now();
  const child = spawn(process.execPath, [join(root, 'dist', 'cli', 'main.js'), ...args], { env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env }, stdio: ['ignore', 'pipe', 'ignore'] });
  const output = [];
  child.stdout.on('data', (part) => output.push(part));
  const code = await new Promise((resolve) => child.on('close', resolve));
  return { code, text: Buffer.concat(output).toString(), seconds: (performance.now() - started) / 1000 };
}

/** Ingests with a model; when its first and last call were seen at the stub, to a twentieth of a second. */
async function ingest(server, count, { concurrent = 20, batch = 10, embed = false, data = folder(), env = {} } = {}) {
  const settings = { OPENAI_BASE_URL: `${server.url}/v1`, EXTRACTION_MODEL: 'stub', ...(embed ? { EMBEDDING_MODEL: 'stub' } : {}), ...env };
  const seen = { first: 0, last: 0 };
  let over = false;
  const watching = (async () => {
    for (let before = 0; !over; await delay(20)) {
      const { chat, chatInFlight } = await server.stats();
      if (chat > before || chatInFlight > 0) {
        seen.first ||= performance.now();
        seen.last = performance.now();
      }
      before = chat;
    }
  })();
  const result = await command(['ingest', '--data-dir', data, passages(count), '--max-concurrent', String(concurrent), '--batch-size', String(batch), '--json'], settings);
  over = true;
  await watching;
  const report = JSON.parse(result.text);
  return { data, processSeconds: result.seconds, ingestSeconds: report.seconds, callSeconds: (seen.last - seen.first) / 1000, report };
}

async function graphOf(data) {
  const { nodes, edges } = JSON.parse((await command(['graph', 'export', '--data-dir', data, '--format', 'json'], {})).text);
  const names = new Map(nodes.map(({ id, name, type }) => [id, `${name} (${type})`]));
  const all = [...nodes.map(({ id, degree }) => `${names.get(id)} ${degree}`), ...edges.map(({ source, target, type, weight }) => `${names.get(source)}|${type}|${names.get(target)} ${weight}`)];
  return createHash('sha256').update(all.toSorted().join('\n')).digest('hex').slice(0, 12);
}

const round = (value, digits = 2) => Math.round(value * 10 ** digits) / 10 ** digits;

const BENCHMARKS = {
  /** 2,000 passages, batch 10, 20 in flight, 1 s a call: against ceil(calls / 20) x 1 s. */
  async bound() {
    const server = await stub({ CHAT_MS: '1000' });
    const run = await ingest(server, 2000);
    server.stop();
    const bound = Math.ceil(200 / 20);
    return { bound, callSeconds: round(run.callSeconds), firstToLast: round(bound / run.callSeconds), ingestSeconds: run.ingestSeconds, endToEnd: round(bound / run.ingestSeconds), processSeconds: round(run.processSeconds) };
  },
  /** 1 in flight against 20, and whether the graphs are the same. */
  async workers() {
    const server = await stub({ CHAT_MS: '300' });
    const one = await ingest(server, 1000, { concurrent: 1 });
    const many = await ingest(server, 1000, { concurrent: 20 });
    server.stop();
    return { one: one.ingestSeconds, twenty: many.ingestSeconds, ratioOfCalls: round(one.callSeconds / many.callSeconds, 1), sameGraph: (await graphOf(one.data)) === (await graphOf(many.data)) };
  },
  /** 1,000 passages, one a call, 20 in flight, 50 ms a call, with vectors. */
  async rivals() {
    const server = await stub({ CHAT_MS: '50' });
    const run = await ingest(server, 1000, { batch: 1, embed: true });
    const { chat, embed, promptTokens, completionTokens } = await server.stats();
    server.stop();
    const bound = (1000 / 20) * 0.05;
    return { passagesPerSecond: round(1000 / run.ingestSeconds, 1), ofBound: round(bound / run.ingestSeconds), ingestSeconds: run.ingestSeconds, chatCallsPerChunk: chat / 1000, embedCalls: embed, promptTokensPerChunk: promptTokens / 1000, completionTokensPerChunk: completionTokens / 1000 };
  },
  /** A limit of 600 requests a minute that the server enforces. */
  async limit() {
    const server = await stub({ CHAT_MS: '50', RPM: '600' });
    const run = await ingest(server, 1200, { batch: 1, env: { RAG_REQUESTS_PER_MINUTE: '600' } });
    const { chat, limited } = await server.stats();
    server.stop();
    return { calls: chat, limited, limitedShare: round(limited / (chat + limited), 4), callSeconds: round(run.callSeconds), ofLimitUsed: round(chat / (10 * run.callSeconds)) };
  },
  /** A fifth of the answers refused at random. */
  async refusals() {
    const server = await stub({ CHAT_MS: '50', FAULT_RATE: '0.2', FAULT_ONLY: 'chat' });
    const run = await ingest(server, 1000, { batch: 1 });
    const { chunksAnswered, chunksRepeated, rejectedChat } = await server.stats();
    server.stop();
    return { chunksAnswered, chunksRepeated, refused: rejectedChat, failed: run.report.totals.failed, ingestSeconds: run.ingestSeconds, warnings: run.report.warnings.length };
  },
  /** Deleting 85 of 1,000 documents, in a process of its own. */
  async delete() {
    const server = await stub({ CHAT_MS: '5' });
    const { data } = await ingest(server, 1000, { batch: 10 });
    const before = (await server.stats()).chat;
    const ids = lines.slice(0, 85).map((line) => JSON.parse(line).id);
    const start = await command(['documents', 'list', '--data-dir', data, '--json'], {});
    const run = await command(['documents', 'delete', ...ids, '--data-dir', data, '--json'], {});
    const calls = (await server.stats()).chat - before;
    server.stop();
    return { deleted: 85, modelCalls: calls, processSeconds: round(run.seconds), ofWhichStart: round(start.seconds) };
  },
};

try {
  for (const name of asked.length > 0 ? asked : Object.keys(BENCHMARKS)) console.log(JSON.stringify({ benchmark: name, ...(await BENCHMARKS[name]()) }));
} finally {
  rmSync(work, { recursive: true, force: true });
}
