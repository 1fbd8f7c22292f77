// Builds dist. As a program: always (`npm run build`). As a module: only when something is newer than the last whole build.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, 'src');
// Written last: a build that was cut off, or whose types are wrong, leaves files but no stamp.
const stamp = join(root, 'dist', '.built');
const lock = join(root, 'node_modules', '.cache', 'graphrag-chat-build');
const SETTINGS = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json', '.swcrc'];
const POLL_MS = 200;

function changedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function newestSource() {
  const entries = readdirSync(source, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => !entry.name.endsWith('.spec.ts')).map((entry) => join(entry.parentPath, entry.name));
  return [...files, ...SETTINGS.map((name) => join(root, name))].reduce((newest, path) => Math.max(newest, changedAt(path)), 0);
}

/** An installation without sources runs what it was given. */
function isStale() {
  if (!existsSync(source)) return false;
  return !existsSync(stamp) || Number(readFileSync(stamp, 'utf8')) < newestSource();
}

/** Builds; returns the exit code. */
function build() {
  const startedAt = Date.now();
  const cli = createRequire(import.meta.url).resolve('@nestjs/cli/bin/nest.js');
  const { status } = spawnSync(process.execPath, [cli, 'build'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status === 0) writeFileSync(stamp, String(startedAt));
  return status ?? 1;
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** True for the one process that may build now. What a killed one left is taken away. */
function acquire() {
  mkdirSync(dirname(lock), { recursive: true });
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const owner = Number(existsSync(lock) ? readFileSync(lock, 'utf8') : 0);
    // An empty file has an owner who is just about to write its name.
    if (owner > 0 && !isRunning(owner)) rmSync(lock, { force: true });
    return false;
  }
}

async function alone(work) {
  while (!acquire()) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Builds if needed, one process at a time; returns the exit code. */
export async function ensureBuilt() {
  if (!isStale()) return 0;
  return alone(() => {
    if (!isStale()) return 0;
    process.stderr.write('Building graphrag-chat (once, some ten seconds) …\n');
    return build();
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await alone(build);
