#!/usr/bin/env node
// The one entry of `npm start` and of the command line: builds when the sources are newer than dist, then runs.
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write(
    `graphrag-chat needs Node 24, this is ${process.versions.node}. \`npm ci\` installs Node 24 beside the project on Linux ` +
      'and Windows, and npm finds it: use `npm start` or `npm exec graphrag-chat -- …`. On macOS install Node 24 first.\n',
  );
  process.exit(1);
}

// Saves a fifth of a command's start. Beside the project and not in the folder for temporary files, where others may write.
module.enableCompileCache(join(root, 'node_modules', '.cache', 'compiled'));

const { ensureBuilt } = await import('./build.mjs');
const status = await ensureBuilt();
if (status !== 0) process.exit(status);

const asksForHelp = process.argv.some((argument) => argument === '--help' || argument === '-h');
const entry = process.argv[2] === 'serve' && !asksForHelp ? join('dist', 'main.js') : join('dist', 'cli', 'main.js');
await import(pathToFileURL(join(root, entry)).href);
