// Ingestion with a model, measured against what its calls alone would take. The model is the stub of the benchmarks beside the project;
// every figure is of a whole command in a process of its own, start of the process included, unless it says otherwise.
// usage: npm run build; node test/benchmarks/ingest-with-model.mjs <corpus.jsonl> [bound|workers|rivals|limit|refusals|delete|chat|cpu ...]
import { spawn } from 'node:child_process';
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { clearInterval, setInterval } from 'node:timers';
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

/** Milliseconds of processor that a process has used when it was last seen, all threads together; in hundredths of a second. */
function watchProcessor(pid) {
  let ms = 0;
  const timer = setInterval(() => {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
      ms = (Number(fields[11]) + Number(fields[12])) * 10;
    } catch {
      // It has ended.
    }
  }, 20);
  const end = () => {
    clearInterval(timer);
    return ms;
  };
  return { ms: () => ms, end };
}

/** @param sample called ten times a second with what tells the processor time used so far */
async function command(args, env, sample = undefined) {
  const started = performance.now();
  const child = spawn(process.execPath, [join(root, 'dist', 'cli', 'main.js'), ...args], { env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env }, stdio: ['ignore', 'pipe', 'ignore'] });
  const output = [];
  child.stdout.on('data', (part) => output.push(part));
  const cpu = watchProcessor(child.pid);
  const timer = setInterval(() => void sample?.(cpu.ms).catch(() => undefined), 100);
  const code = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(timer);
  return { code, text: Buffer.concat(output).toString(), seconds: (performance.now() - started) / 1000, cpuMs: cpu.end() };
}

/**
 * Ingests with a model.
 * @param watch look at the stub every 20 ms for when its first and its last call were seen; that costs a little of both cores
 */
async function ingest(server, count, { concurrent = 20, batch = 10, embed = false, watch = false, data = folder(), env = {} } = {}) {
  const settings = { OPENAI_BASE_URL: `${server.url}/v1`, EXTRACTION_MODEL: 'stub', ...(embed ? { EMBEDDING_MODEL: 'stub' } : {}), ...env };
  const seen = { first: 0, last: 0 };
  let over = !watch;
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

/** The service on a data folder; requests by its admin. */
async function serve(data, env) {
  const [port, key] = [await freePort(), 'key-of-the-benchmark-only'];
  const settings = { DATA_DIR: data, HOST: '127.0.0.1', PORT: String(port), ADMIN_API_KEY: key, THROTTLE_LIMIT: '1000000', LOG_LEVEL: 'error', ...env };
  const child = spawn(process.execPath, [join(root, 'dist', 'main.js')], { env: { PATH: process.env.PATH, HOME: process.env.HOME, ...settings }, stdio: 'ignore' });
  const send = async (method, path, body) => {
    const response = await globalThis.fetch(`http://127.0.0.1:${port}${path}`, { method, headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  for (let up = false; !up; up = await globalThis.fetch(`http://127.0.0.1:${port}/health/ready`).then(({ ok }) => ok, () => false)) await delay(50);
  return { send, stop: () => new Promise((resolve) => { child.on('close', resolve); child.kill('SIGTERM'); }) };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

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
    const run = await ingest(server, 2000, { watch: true });
    server.stop();
    const bound = Math.ceil(200 / 20);
    return { bound, callSeconds: round(run.callSeconds), firstToLast: round(bound / run.callSeconds), ingestSeconds: run.ingestSeconds, endToEnd: round(bound / run.ingestSeconds), processSeconds: round(run.processSeconds) };
  },
  /** 2,000 passages, batch 10, 1 s a call: 1 in flight against 20, and whether the graphs are the same. */
  async workers() {
    const server = await stub({ CHAT_MS: '1000' });
    const one = await ingest(server, 2000, { concurrent: 1 });
    const many = await ingest(server, 2000, { concurrent: 20 });
    server.stop();
    return { one: one.ingestSeconds, twenty: many.ingestSeconds, ratio: round(one.ingestSeconds / many.ingestSeconds, 1), sameGraph: (await graphOf(one.data)) === (await graphOf(many.data)) };
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
    const run = await ingest(server, 1200, { batch: 1, watch: true, env: { RAG_REQUESTS_PER_MINUTE: '600' } });
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
    // The same over HTTP, of a service that runs: ids are those of the documents.
    const service = await serve(data, {});
    const { documents } = await service.send('GET', '/documents?workspace=default&limit=85');
    const started = performance.now();
    for (const { id } of documents) await service.send('DELETE', `/documents/${id}?workspace=default`);
    const overHttp = (performance.now() - started) / 1000;
    await service.stop();
    const calls = (await server.stats()).chat - before;
    server.stop();
    return { deleted: 85, modelCalls: calls, processSeconds: round(run.seconds), ofWhichStart: round(start.seconds), overHttpOneByOne: round(overHttp) };
  },
  /** How long a chat waits beside an ingestion of 1,000 chunks whose calls take a second, against the same chats with nothing beside them. */
  async chat() {
    const server = await stub({ CHAT_MS: '1000' });
    const data = folder();
    const service = await serve(data, { OPENAI_BASE_URL: `${server.url}/v1`, EXTRACTION_MODEL: 'stub', CHAT_MODEL: 'stub' });
    const questions = ['Who directed the film?', 'When was she born?', 'Where does the river rise?', 'Which of the two is older?', 'Who wrote the book?', 'What is the capital?', 'Who won the race?', 'Where did he die?'];
    const ask = async (count) => {
      const times = [];
      for (let i = 0; i < count; i += 1) {
        const started = performance.now();
        await service.send('POST', '/chat', { message: questions[i % questions.length], workspace: 'default' });
        times.push(performance.now() - started);
      }
      return times;
    };
    const add = async (from, count) => await service.send('POST', '/documents', { workspace: 'default', title: 'some', text: lines.slice(from, from + count).map((line) => JSON.parse(line).text).join('\n\n') });
    await service.send('POST', '/workspaces', { slug: 'default' }).catch(() => undefined);
    const ended = async ({ jobId }) => { for (;;) { const { state } = await service.send('GET', `/jobs/${jobId}`); if (state !== 'queued' && state !== 'running') return state; await delay(100); } };
    await ended(await add(0, 20));
    await ask(3);
    const alone = await ask(8);
    const job = await add(20, 6000);
    const { chat: before } = await server.stats();
    const beside = await ask(8);
    const { chat: after } = await server.stats();
    const { state } = await service.send('GET', `/jobs/${job.jobId}`);
    const health = await service.send('GET', '/health').catch(() => undefined);
    await service.send('POST', `/jobs/${job.jobId}/cancel`);
    await service.stop();
    server.stop();
    return { latencyMs: 1000, aloneMs: round(median(alone), 0), besideMs: round(median(beside), 0), largestBesideMs: round(Math.max(...beside), 0), bulkCallsMeanwhile: after - before - 8, jobStateAtTheEnd: state, limits: health?.details?.models?.limits };
  },
  /** Processor time of a chunk among the 500th to 1,500th and among the 4,000th to 5,000th answered of one ingestion; medians of five. */
  async cpu() {
    const rounds = [];
    for (let round = 0; round < 5; round += 1) {
      const server = await stub({ CHAT_MS: '20' });
      const seen = [];
      const sample = async (cpuMs) => seen.push([(await server.stats()).chunksAnswered, cpuMs()]);
      const args = ['ingest', '--data-dir', folder(), passages(5500), '--max-concurrent', '20', '--batch-size', '10', '--json'];
      await command(args, { OPENAI_BASE_URL: `${server.url}/v1`, EXTRACTION_MODEL: 'stub' }, sample);
      server.stop();
      const at = (count) => seen.find(([chunks]) => chunks >= count)[1];
      rounds.push([(at(1500) - at(500)) / 1000, (at(5000) - at(4000)) / 1000]);
    }
    return { msPerChunk: rounds.map((each) => each.map((ms) => round(ms))), ratio: round(median(rounds.map(([first, last]) => last / first))) };
  },
};

try {
  for (const name of asked.length > 0 ? asked : Object.keys(BENCHMARKS)) console.log(JSON.stringify({ benchmark: name, ...(await BENCHMARKS[name]()) }));
} finally {
  rmSync(work, { recursive: true, force: true });
}
