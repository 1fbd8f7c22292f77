import { basename } from 'node:path';
import { filesBelow, textOf } from './source-files.ts';

// Spelt so that this file does not find itself.
const UNFINISHED = new RegExp(`\\b(${['TO', 'DO'].join('')}|${['FIX', 'ME'].join('')}|X{3})\\b`);
const SUPPRESSED = new RegExp(['eslint-' + 'disable', '@ts-' + 'ignore', '@ts-' + 'nocheck'].join('|'));
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** The roles a file's name may tell; a file of a plain function or class has none. */
const ROLES = new Set([
  'module', 'service', 'port', 'types', 'errors', 'health', 'metrics', 'controller', 'schemas', 'guard', 'decorator', 'filter', 'config',
  'adapter', 'command', 'worker', 'ops', 'program', 'migration', 'answerer', 'extractor', 'parser', 'benchmark', 'builder', 'spec', 'e2e-spec', 'int-spec', 'contract',
]);

const code = [...filesBelow('src'), ...filesBelow('test')].filter((file) => file.endsWith('.ts'));

describe('the house', () => {
  it('names files in kebab case, with a role that is known', () => {
    const odd = code.filter((file) => {
      const [name = '', ...roles] = basename(file, '.ts').split('.');
      return !KEBAB.test(name) || roles.length > 2 || roles.some((role) => !ROLES.has(role));
    });
    expect(odd).toEqual([]);
  });

  it('has no barrels', () => {
    expect(code.filter((file) => basename(file) === 'index.ts')).toEqual([]);
  });

  it('leaves nothing for later and silences no rule', () => {
    expect(code.filter((file) => UNFINISHED.test(textOf(file)))).toEqual([]);
    expect(code.filter((file) => SUPPRESSED.test(textOf(file)))).toEqual([]);
  });

  it('imports with the ending of the file that is there', () => {
    const wrong = code.filter((file) => /from '\.{1,2}\/[^'$]*(?<!\.ts|\.json|\.mjs)'/.test(textOf(file)));
    expect(wrong).toEqual([]);
  });

  it('keeps one error class to a file', () => {
    const crowded = code.filter((file) => file.endsWith('.errors.ts') && (textOf(file).match(/^export (abstract )?class /gm) ?? []).length > 1);
    expect(crowded).toEqual([]);
  });

  it('gives every port one abstract class that tells its contract', () => {
    const ports = code.filter((file) => file.startsWith('src/') && file.endsWith('.port.ts'));
    expect(ports.length).toBeGreaterThan(5);
    expect(ports.filter((file) => !textOf(file).includes('*/\nexport abstract class '))).toEqual([]);
  });

  it('keeps worker code clear of Nest', () => {
    const workers = code.filter((file) => /\.(worker|ops)\.ts$/.test(file));
    expect(workers.filter((file) => /^import (?!type ).*@nestjs/m.test(textOf(file)))).toEqual([]);
  });
});
