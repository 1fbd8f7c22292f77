import { parseArgs } from 'node:util';
import { loadSettings, readEnvironment, type Settings } from './config/load-settings.ts';

const OPTIONS = { 'data-dir': { type: 'string' }, port: { type: 'string' }, host: { type: 'string' } } as const;

/**
 * The settings that `serve` runs with: its options (`--data-dir`, `--port`, `--host`) over the environment over `.env`.
 * @throws ConfigError with every fault; TypeError (`ERR_PARSE_ARGS_…`) for an option that does not exist
 */
export function readServeSettings(argv: readonly string[]): Settings {
  const args = argv[0] === 'serve' ? argv.slice(1) : [...argv];
  const { values } = parseArgs({ args, options: OPTIONS, strict: true, allowPositionals: false });
  const given = { DATA_DIR: values['data-dir'], PORT: values.port, HOST: values.host };
  return loadSettings({ ...readEnvironment(), ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) });
}
