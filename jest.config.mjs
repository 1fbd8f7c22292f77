export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts', '**/*.e2e-spec.ts', '**/*.int-spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  // CommonJS Nest libraries require() Nest while Jest is still linking it as ESM, unless it is linked first.
  setupFiles: ['<rootDir>/test/setup.mjs'],
  transform: { '^.+\\.ts$': ['@swc/jest', { exclude: [] }] },
  reporters: ['default', '<rootDir>/test/summary-reporter.mjs'],
};
