// Runs Jest with ES modules, under a hard time limit: a hanging handle must fail the run instead of holding it up.
// Without arguments it runs everything, the suites that disturb servers and measure how soon all is well again, and those of the caches that
// give a server up after 0.2 s, behind the others, one at a time: beside others they would measure those. These end by force, because Node 24 turns round for ever in the end of a process that
// holds a socket which was destroyed while its peer was silent (environment cleanup, seen in a debugger); process.exit does not.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LIMIT_MS = 40 * 60 * 1000;
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const flags = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning'];
const QUIETLY = '([-]faults|(redis|memcached)[-]cache)[.]';
const given = process.argv.slice(2);
const phases = given.length > 0 ? [given] : [['--testPathIgnorePatterns=/node_modules/', `--testPathIgnorePatterns=${QUIETLY}`], ['--runInBand', '--forceExit', `--testPathPatterns=${QUIETLY}`]];
const counts = mkdtempSync(join(tmpdir(), 'graphrag-chat-tests-'));
const started = Date.now();

function run(args) {
  const child = spawn(process.execPath, [...flags, jest, ...args], {
    stdio: 'inherit',
    env: { ...process.env, TEST_COUNTS: counts, NODE_OPTIONS: [process.env['NODE_OPTIONS'], ...flags].filter(Boolean).join(' ') },
  });
  const timer = setTimeout(() => {
    process.stderr.write(`\nThe tests did not end within ${String(LIMIT_MS / 60_000)} minutes; stopping them.\n`);
    child.kill('SIGKILL');
  }, started + LIMIT_MS - Date.now());
  return new Promise((resolve) => {
    child.on('exit', (code) => {
      clearTimeout(timer);
      resolve(code ?? 1);
    });
  });
}

const codes = [];
for (const phase of phases) codes.push(await run(phase));
const totals = readdirSync(counts).map((name) => JSON.parse(readFileSync(join(counts, name), 'utf8')));
rmSync(counts, { recursive: true });
const sum = (key) => totals.reduce((total, each) => total + each[key], 0);
// A phase that was cut off has counted nothing.
const lost = codes.length - totals.length;
process.stdout.write(`\n${String(sum('passed'))} passed, ${String(sum('failed') + lost)} failed, ${String(sum('skipped'))} skipped\n`);
process.exitCode = codes.find((code) => code !== 0) ?? 0;
