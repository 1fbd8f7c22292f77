// The memory of an ingestion with a model as its input grows: transcripts, repeated until there are so many megabytes, each line salted so
// that no cache helps. The model is the stub of the benchmarks beside the project, on the same machine.
// usage: npm run build; node test/benchmarks/salted-transcripts.mjs <folder of .txt> [megabytes 200] [embed]
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const [folder, megabytes = '200', embed] = process.argv.slice(2);
const root = fileURLToPath(new URL('../../', import.meta.url));
const stubFile = join(root, '..', 'shared', 'bench', 'stub-openai.mjs');
if (folder === undefined || !existsSync(stubFile)) {
  console.error(folder === undefined ? 'usage: node test/benchmarks/salted-transcripts.mjs <folder of .txt> [megabytes] [embed]' : 'skipped: the stub model server is not beside the project');
  process.exit(folder === undefined ? 2 : 0);
}
const work = mkdtempSync(join(tmpdir(), 'graphrag-chat-salted-'));
const input = join(work, 'transcripts');
mkdirSync(input);

/** @returns bytes written */
function writeTranscripts() {
  const names = readdirSync(folder).filter((name) => name.endsWith('.txt'));
  let bytes = 0;
  for (let copy = 0; bytes < Number(megabytes) * 1e6; copy += 1) {
    for (const name of names) {
      const salted = readFileSync(join(folder, name), 'utf8').split('\n').map((line) => (line === '' ? line : `${line} (s${copy})`)).join('\n');
      writeFileSync(join(input, `${String(copy).padStart(4, '0')}-${name}`), salted);
      bytes += salted.length;
      if (bytes >= Number(megabytes) * 1e6) break;
    }
  }
  return bytes;
}

const freePort = () => new Promise((resolve) => { const server = createServer().listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => resolve(port)); }); });
const port = await freePort();
const stub = spawn(process.execPath, [stubFile], { env: { PATH: process.env.PATH, PORT: String(port), CHAT_MS: '20' }, stdio: 'ignore' });
const url = `http://127.0.0.1:${port}`;
for (let up = false; !up; up = await globalThis.fetch(`${url}/health`).then(() => true, () => false)) await delay(50);

const residentMb = (pid) => {
  try {
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1000);
  } catch {
    return 0;
  }
};

try {
  const bytes = writeTranscripts();
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, OPENAI_BASE_URL: `${url}/v1`, EXTRACTION_MODEL: 'stub', ...(embed === undefined ? {} : { EMBEDDING_MODEL: 'stub' }) };
  const args = ['ingest', '--data-dir', join(work, 'data'), '--workspace', 'default', '--transcripts-dir', input, '--max-concurrent', '20', '--batch-size', '10', '--json'];
  const started = Date.now();
  const child = spawn(process.execPath, [join(root, 'dist', 'cli', 'main.js'), ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (part) => (output += part));
  const seen = [];
  const timer = setInterval(async () => {
    const { chunksAnswered } = await globalThis.fetch(`${url}/stats`).then((response) => response.json(), () => ({}));
    if (chunksAnswered === undefined) return;
    seen.push({ seconds: (Date.now() - started) / 1000, chunks: chunksAnswered, mb: residentMb(child.pid) });
    if (seen.length % 40 === 0) console.error(JSON.stringify(seen.at(-1)));
  }, 250);
  const code = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(timer);
  const report = JSON.parse(output);
  const chunks = seen.at(-1).chunks;
  // Bytes answered for grow with the chunks, which are alike.
  const tenths = Array.from({ length: 10 }, (_, tenth) => Math.max(...seen.filter((at) => at.chunks >= (chunks * tenth) / 10 && at.chunks <= (chunks * (tenth + 1)) / 10).map(({ mb }) => mb)));
  console.log(JSON.stringify({ code, megabytes: bytes / 1e6, seconds: (Date.now() - started) / 1000, chunks, largestMbByTenth: tenths, largestMb: Math.max(...seen.map(({ mb }) => mb)), totals: report.totals, warnings: report.warnings.length }));
} finally {
  stub.kill();
  rmSync(work, { recursive: true, force: true });
}
