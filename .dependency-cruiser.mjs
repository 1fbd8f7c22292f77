// Who may import whom. A module's inside belongs to it: from outside only the files named PUBLIC may be imported.
const PUBLIC = '\\.(module|service|port|types|errors)\\.ts$';
const AUTH_PUBLIC = '\\.(module|service|port|types|errors|guard|decorator)\\.ts$';
const OBSERVED = '\\.(module|health|metrics)\\.ts$';

// Each module with the modules it may import; common and config are open to all above them.
const MAY_IMPORT = {
  common: [],
  config: ['common'],
  storage: ['common', 'config'],
  auth: ['common', 'config', 'storage'],
  cache: ['common', 'config', 'storage'],
  models: ['common', 'config', 'storage'],
  graph: ['common', 'config', 'storage'],
  embedding: ['common', 'config', 'storage', 'cache', 'models', 'graph'],
  retrieval: ['common', 'config', 'storage', 'cache', 'models', 'graph', 'embedding'],
  ingestion: ['common', 'config', 'storage', 'cache', 'models', 'graph', 'embedding'],
  chat: ['common', 'config', 'storage', 'cache', 'models', 'graph', 'embedding', 'retrieval', 'ingestion'],
  cli: ['common', 'config', 'storage', 'auth', 'cache', 'models', 'graph', 'embedding', 'retrieval', 'ingestion', 'chat'],
  web: ['common', 'config', 'storage', 'cache', 'models', 'graph', 'embedding', 'retrieval', 'ingestion', 'chat'],
};
const MODULES = [...Object.keys(MAY_IMPORT), 'health', 'telemetry'];

const layers = Object.entries(MAY_IMPORT).map(([name, allowed]) => {
  const forbidden = MODULES.filter((other) => other !== name && !allowed.includes(other));
  // Every module may use auth's guards and decorators.
  const guards = name === 'common' || name === 'config' || name === 'storage' ? {} : { pathNot: '^src/auth/[^/]+\\.(guard|decorator|module)\\.ts$' };
  return {
    name: `layer-${name}`,
    severity: 'error',
    comment: `${name} may import ${allowed.length === 0 ? 'nothing' : allowed.join(', ')}`,
    from: { path: `^src/${name}/` },
    to: { path: `^src/(${forbidden.join('|')})/`, ...guards },
  };
});

const insides = MODULES.filter((name) => name !== 'common' && name !== 'config').map((name) => ({
  name: `inside-${name}`,
  severity: 'error',
  comment: `From outside only ${name}'s public files may be imported`,
  from: { path: '^src/', pathNot: `^src/${name}/` },
  to: { path: `^src/${name}/`, pathNot: name === 'auth' ? AUTH_PUBLIC : `${PUBLIC}|${OBSERVED}` },
}));

export default {
  forbidden: [
    ...layers,
    ...insides,
    {
      name: 'observers-see-only-what-is-shown',
      severity: 'error',
      comment: 'health and telemetry import modules, indicators and metrics of others, nothing else',
      from: { path: '^src/(health|telemetry)/' },
      to: { path: '^src/', pathNot: ['^src/(health|telemetry|common|config)/', OBSERVED, '^src/auth/[^/]+\\.(guard|decorator)\\.ts$'] },
    },
    {
      name: 'only-the-app-knows-observers',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(app\\.module|main|health/|telemetry/)' },
      to: { path: '^src/(health|telemetry)/' },
    },
    {
      name: 'no-adapters-from-outside',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/([^/]+)/adapters/', pathNot: '^src/$1/' },
    },
    { name: 'no-barrels', severity: 'error', from: {}, to: { path: '^src/.*/index\\.ts$' } },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-specs-in-code', severity: 'error', from: { pathNot: '\\.spec\\.ts$' }, to: { path: '\\.spec\\.ts$|^test/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.spec\\.ts$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js'], conditionNames: ['import', 'types', 'node', 'default'], exportsFields: ['exports'] },
  },
};
