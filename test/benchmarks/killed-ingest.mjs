// Kills an ingestion with a model at random moments, again and again, and then lets it end: no answer that a server had finished sending
// 100 ms before a kill may be asked for twice (paidTwice), and the graph must be that of an undisturbed run. The server is the stub of the
// benchmarks beside the project, behind a proxy that notes when each answer was sent. The stub's own count (chunksRepeated) holds those too
// that were sent less than 100 ms before a kill.
// usage: npm run build; node test/benchmarks/killed-ingest.mjs <corpus.jsonl> [kills 25] [chunks 1000] [milliseconds a call 300]
import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const [corpus, kills = '25', chunks = '1000', callMs = '300'] = process.argv.slice(2);
const root = fileURLToPath(new URL('../../', import.meta.url));
const stubFile = join(root, '..', 'shared', 'bench', 'stub-openai.mjs');
if (corpus === undefined || !existsSync(stubFile)) {
  console.error(corpus === undefined ? 'usage: node test/benchmarks/killed-ingest.mjs <corpus.jsonl> [kills] [chunks] [ms a call]' : 'skipped: the stub model server is not beside the project');
  process.exit(corpus === undefined ? 2 : 0);
}
const freePort = () => new Promise((resolve) => { const server = createServer().listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => resolve(port)); }); });
const port = await freePort();
const stub = spawn(process.execPath, [stubFile], { env: { PATH: process.env.PATH, PORT: String(port), CHAT_MS: callMs }, stdio: 'ignore' });
const url = `http://127.0.0.1:${port}`;
for (let up = false; !up; up = await globalThis.fetch(`${url}/health`).then(() => true, () => false)) await delay(50);
const target = await freePort();
const GRACE_MS = 100;
/** By chunk, when the answer about it had been sent. */
const sentAt = new Map();
const paid = new Set();
let paidTwice = 0;
/** Counts the kills; what is sent to a process that is dead counts for nothing. */
let life = 0;
const chunksOf = (body) => {
  try {
    return JSON.parse(JSON.parse(body).messages.at(-1).content).chunks.map(({ title, text }) => `${title}\n${text}`);
  } catch {
    return [];
  }
};
const proxy = createHttpServer(async (request, response) => {
  const body = Buffer.concat(await Array.fromAsync(request)).toString();
  const chunks = chunksOf(body);
  const asked = life;
  paidTwice += chunks.filter((chunk) => paid.has(chunk)).length;
  const gone = new globalThis.AbortController();
  response.on('close', () => gone.abort());
  try {
    const answer = await globalThis.fetch(url + request.url, { signal: gone.signal, method: request.method, headers: { 'content-type': 'application/json' }, ...(body === '' ? {} : { body }) });
    const text = await answer.text();
    response.on('finish', () => {
      for (const chunk of chunks) if (asked === life && !sentAt.has(chunk)) sentAt.set(chunk, performance.now());
    });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
  } catch {
    response.destroy();
  }
}).listen(target, '127.0.0.1');
/** What had been sent long enough before a kill, which is now, may not be asked for again; of the rest nobody knows. */
const settle = () => {
  const now = performance.now();
  for (const [chunk, at] of sentAt) if (now - at > GRACE_MS) paid.add(chunk);
  sentAt.clear();
  life += 1;
};
const stats = async () => await (await globalThis.fetch(`${url}/stats`)).json();

const work = mkdtempSync(join(tmpdir(), 'graphrag-chat-kills-'));
const input = join(work, 'corpus.jsonl');
writeFileSync(input, readFileSync(corpus, 'utf8').split('\n').slice(0, Number(chunks)).join('\n'));
const env = { PATH: process.env.PATH, HOME: process.env.HOME, OPENAI_BASE_URL: `http://127.0.0.1:${target}/v1`, EXTRACTION_MODEL: 'stub', EMBEDDING_MODEL: 'stub' };

function start(args) {
  const child = spawn(process.execPath, [join(root, 'dist', 'cli', 'main.js'), ...args], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const output = [];
  child.stdout.on('data', (part) => output.push(part));
  return { child, ended: new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, text: Buffer.concat(output).toString() }))) };
}
const ingest = (data) => start(['ingest', '--data-dir', data, input, '--json']);
async function graphOf(data) {
  const { text } = await start(['graph', 'export', '--data-dir', data, '--format', 'json']).ended;
  const { nodes, edges } = JSON.parse(text);
  // Ids are made of the workspace's, which is another one.
  const names = new Map(nodes.map(({ id, name, type }) => [id, `${name} (${type})`]));
  const lines = [
    ...nodes.map(({ id, degree }) => `${names.get(id)} ${degree}`),
    ...edges.map(({ source, target, type, weight }) => `${names.get(source)} | ${type} | ${names.get(target)} ${weight}`),
  ];
  return `${nodes.length} nodes, ${edges.length} edges, ${createHash('sha256').update(lines.toSorted().join('\n')).digest('hex').slice(0, 16)}`;
}

try {
  const began = Date.now();
  const undisturbed = await ingest(join(work, 'undisturbed')).ended;
  if (undisturbed.code !== 0) throw new Error(`the undisturbed run failed: ${undisturbed.text}`);
  const seconds = (Date.now() - began) / 1000;
  const { chunksAsked: asked } = await stats();
  const expected = await graphOf(join(work, 'undisturbed'));
  await globalThis.fetch(`${url}/stats/reset`, { method: 'POST' });

  sentAt.clear();

  const data = join(work, 'killed');
  let killed = 0;
  for (let i = 0; i < Number(kills); i += 1) {
    const run = ingest(data);
    // Once it has called, and in the most delicate time: shortly before and after answers come.
    const { chunksAsked: before } = await stats();
    const called = async () => {
      while ((await stats()).chunksAsked === before) await delay(20);
      await delay(Number(callMs) * (0.4 + Math.random()));
    };
    const first = await Promise.race([run.ended, called()]);
    settle();
    run.child.kill('SIGKILL');
    const end = await run.ended;
    if (end.signal === 'SIGKILL') killed += 1;
    else if (first !== undefined && end.code !== 0) throw new Error(`run ${i} failed: ${end.text}`);
    if (first !== undefined) break;
  }
  const last = await ingest(data).ended;
  if (last.code !== 0) throw new Error(`the last run failed: ${last.text}`);
  const { chunksAsked, chunksAnswered, chunksRepeated } = await stats();
  const graph = await graphOf(data);
  const same = graph === expected;
  console.log(JSON.stringify({ kills: killed, undisturbedSeconds: Math.round(seconds * 10) / 10, chunksOfUndisturbed: asked, chunksAsked, chunksAnswered, chunksRepeated, paidTwice, sameGraph: same, graph }));
  if (paidTwice > 0 || !same) process.exitCode = 1;
} finally {
  stub.kill();
  proxy.closeAllConnections();
  proxy.close();
  rmSync(work, { recursive: true, force: true });
}
