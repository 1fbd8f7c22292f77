import { readFileSync } from 'node:fs';

// The build leaves specs out and turns `.ts` of imports into `.js` (.swcrc); tests run the sources as they are.
const swc = JSON.parse(readFileSync(new URL('.swcrc', import.meta.url), 'utf8'));
delete swc.exclude;
swc.jsc.rewriteRelativeImportExtensions = false;

export default {
  testEnvironment: 'node',
  // A guard against hanging, with room for a busy machine.
  testTimeout: 60_000,
  // Many suites wait for servers and child processes more than they compute.
  maxWorkers: 2,
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts', '**/*.e2e-spec.ts', '**/*.int-spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  // CommonJS Nest libraries require() Nest while Jest is still linking it as ESM, unless it is linked first.
  setupFiles: ['<rootDir>/test/setup.mjs'],
  transform: { '^.+\\.ts$': ['@swc/jest', { ...swc, swcrc: false }] },
  reporters: ['default', '<rootDir>/test/summary-reporter.mjs'],
};
