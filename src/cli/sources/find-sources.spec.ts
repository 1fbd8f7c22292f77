import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { FileChoice } from './find-sources.ts';
import { findSources, isChosen } from './find-sources.ts';
import { selectSources, type StdinSource } from './select-sources.ts';

describe('findSources', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sources-'));
  beforeAll(() => {
    mkdirSync(join(folder, 'deep', '.hidden'), { recursive: true });
    for (const name of ['b.md', 'a.txt', '.env', 'deep/c.md', 'deep/.hidden/d.md']) writeFileSync(join(folder, name), name);
    symlinkSync(folder, join(folder, 'deep', 'loop'));
  });
  afterAll(() => { rmSync(folder, { recursive: true }); });

  async function names(path: string, choice?: FileChoice): Promise<string[]> {
    const found: string[] = [];
    for await (const source of findSources(path, choice)) found.push(source.path.slice(source.root.length + 1));
    return found;
  }

  it('finds the files of a folder by name, hidden ones left out, without following links to folders', async () => {
    expect(await names(folder)).toEqual(['a.txt', 'b.md', 'deep/c.md']);
  });

  it('takes what is included and not excluded', async () => {
    expect(await names(folder, { include: ['*.md'] })).toEqual(['b.md', 'deep/c.md']);
    expect(await names(folder, { exclude: ['deep/**'] })).toEqual(['a.txt', 'b.md']);
  });

  it('gives a lone file its own folder as root, and a missing one too', async () => {
    expect(await names(join(folder, 'a.txt'))).toEqual(['a.txt']);
    expect(await names(join(folder, 'nothing.txt'))).toEqual(['nothing.txt']);
  });

  it.each([
    ['a/b.md', { include: ['*.md'] }, true],
    ['a/b.md', { include: ['a/*.md'] }, true],
    ['a/b.md', { include: ['b/*.md'] }, false],
    ['a/b.md', { include: ['**/*.md'], exclude: ['b.*'] }, false],
    ['a/b.md', {}, true],
  ] as const)('%s under %j: %s', (name, choice, expected) => {
    expect(isChosen(name, choice)).toBe(expected);
  });
});

describe('selectSources', () => {
  const noStdin: StdinSource = () => Promise.resolve({ kind: 'stream', name: 'stdin', open: () => Readable.from([]) });

  it.each([
    [{ paths: [] }, 'ingest needs a path'],
    [{ paths: ['-', '-'] }, 'read once'],
    [{ paths: ['a', 'b'], id: 'x' }, '--id names one document'],
    [{ paths: [tmpdir()], id: 'x' }, '--id names one document'],
    [{ paths: [], transcriptsDir: 'a', id: 'x' }, '--id names one document'],
  ])('refuses %j', (selection, message) => {
    expect(() => selectSources(selection, noStdin)).toThrow(message);
  });

  it('names a single source and declares its charset', async () => {
    for await (const source of selectSources({ paths: ['-'], id: 'notes', charset: 'latin1' }, noStdin)) {
      expect(source).toMatchObject({ kind: 'stream', externalId: 'notes', contentType: 'text/plain; charset=latin1' });
    }
  });
});
