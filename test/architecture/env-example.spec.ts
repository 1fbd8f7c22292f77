import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AREAS, loadSettings } from '../../src/config/load-settings.ts';
import { projectRoot } from '../../src/config/project-root.ts';

const SETTING = /^#([A-Z][A-Z0-9_]*)=(.*)$/;
const lines = readFileSync(join(projectRoot(), '.env.example'), 'utf8').split('\n');
const shown = lines.flatMap((line, i) => {
  const match = SETTING.exec(line);
  return match === null ? [] : [{ name: match[1] ?? '', value: match[2] ?? '', above: lines[i - 1] ?? '' }];
});
const known = new Set(Object.values(AREAS).flatMap((schema) => Object.keys(schema.in.shape)));

describe('.env.example', () => {
  it('shows every setting of every schema, once', () => {
    const names = shown.map(({ name }) => name);
    expect(names.toSorted()).toEqual([...known].toSorted());
  });

  it('says of each in one line what it is for', () => {
    for (const { name, above } of shown) expect(`${name} ${above}`).toMatch(/ # [A-Za-z].*\.$/);
  });

  it('shows the defaults: taking every # away changes nothing', () => {
    expect(loadSettings(Object.fromEntries(shown.map(({ name, value }) => [name, value])))).toEqual(loadSettings({}));
  });

  it('shows a value for each setting that has a default of its own', () => {
    const without = shown.filter(({ value }) => value === '').map(({ name }) => name);
    for (const name of without) {
      const shape = Object.values(AREAS).map((schema) => (schema.in.shape as Record<string, { safeParse(value: unknown): { data?: unknown } }>)[name]);
      for (const setting of shape) expect([name, setting?.safeParse(undefined).data]).toEqual([name, undefined]);
    }
  });
});
