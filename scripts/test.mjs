// Runs Jest with ES modules, under a hard time limit: a hanging handle must fail the run instead of holding it up.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';

const LIMIT_MS = 15 * 60 * 1000;
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const flags = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning'];
const child = spawn(process.execPath, [...flags, jest, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, NODE_OPTIONS: [process.env['NODE_OPTIONS'], ...flags].filter(Boolean).join(' ') },
});
const timer = setTimeout(() => {
  process.stderr.write(`\nThe tests did not end within ${String(LIMIT_MS / 60_000)} minutes; stopping them.\n`);
  child.kill('SIGKILL');
}, LIMIT_MS);
child.on('exit', (code) => {
  clearTimeout(timer);
  process.exitCode = code ?? 1;
});
