#!/usr/bin/env node
// The one entry of `npm start` and of the command line: builds when the sources are newer than dist, then runs.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const built = join(root, 'dist', 'main.js');

if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write(
    `graphrag-chat needs Node 24, this is ${process.versions.node}. \`npm ci\` installs Node 24 beside the project on Linux ` +
      'and Windows, and npm finds it: use `npm start` or `npm exec graphrag-chat -- …`. On macOS install Node 24 first.\n',
  );
  process.exit(1);
}

function newest(folder) {
  return Math.max(
    0,
    ...readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.spec.ts'))
      .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  );
}

function isStale() {
  if (!existsSync(built)) return true;
  return existsSync(join(root, 'src')) && newest(join(root, 'src')) > statSync(built).mtimeMs;
}

if (isStale()) {
  const cli = createRequire(import.meta.url).resolve('@nestjs/cli/bin/nest.js');
  process.stderr.write('Building graphrag-chat (once, some ten seconds) …\n');
  const build = spawnSync(process.execPath, [cli, 'build'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (build.status !== 0) process.exit(build.status ?? 1);
}

const entry = process.argv[2] === 'serve' ? join('dist', 'main.js') : join('dist', 'cli', 'main.js');
await import(pathToFileURL(join(root, entry)).href);
