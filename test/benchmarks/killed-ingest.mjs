// Kills an ingestion with a model at random moments, again and again, and then lets it end: no answer that a server had finished sending
// 100 ms before a kill may be asked for twice, and the graph must be that of an undisturbed run. The server is the stub of the benchmarks
// beside the project; it counts the chunks that were asked for again (chunksRepeated).
// usage: npm run build; node test/benchmarks/killed-ingest.mjs <corpus.jsonl> [kills 25] [chunks 1000] [milliseconds a call 300]
import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
const stats = async () => await (await globalThis.fetch(`${url}/stats`)).json();

const work = mkdtempSync(join(tmpdir(), 'graphrag-chat-kills-'));
const input = join(work, 'corpus.jsonl');
writeFileSync(input, readFileSync(corpus, 'utf8').split('\n').slice(0, Number(chunks)).join('\n'));
const env = { PATH: process.env.PATH, HOME: process.env.HOME, OPENAI_BASE_URL: `${url}/v1`, EXTRACTION_MODEL: 'stub', EMBEDDING_MODEL: 'stub' };

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

  const data = join(work, 'killed');
  let killed = 0;
  for (let i = 0; i < Number(kills); i += 1) {
    const run = ingest(data);
    // Behind the start of the process, and so that on average each run gets on by its part of the whole.
    const wait = 2000 + (Math.random() * 2 * seconds * 1000) / Number(kills);
    const first = await Promise.race([run.ended, delay(wait)]);
    run.child.kill('SIGKILL');
    const end = await run.ended;
    if (end.signal === 'SIGKILL') killed += 1;
    else if (first !== undefined && end.code !== 0) throw new Error(`run ${i} failed: ${end.text}`);
  }
  const last = await ingest(data).ended;
  if (last.code !== 0) throw new Error(`the last run failed: ${last.text}`);
  const { chunksAsked, chunksAnswered, chunksRepeated } = await stats();
  const graph = await graphOf(data);
  const same = graph === expected;
  console.log(JSON.stringify({ kills: killed, undisturbedSeconds: Math.round(seconds * 10) / 10, chunksOfUndisturbed: asked, chunksAsked, chunksAnswered, chunksRepeated, sameGraph: same, graph }));
  if (chunksRepeated > 0 || !same) process.exitCode = 1;
} finally {
  stub.kill();
  rmSync(work, { recursive: true, force: true });
}
