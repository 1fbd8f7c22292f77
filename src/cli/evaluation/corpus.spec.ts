import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Source } from '../../ingestion/ingestion.types.ts';
import { corpusSources, pairSets, pooledExtractions } from './corpus.ts';

async function gather(sources: AsyncIterable<Source>): Promise<Source[]> {
  const list: Source[] = [];
  for await (const source of sources) list.push(source);
  return list;
}

describe('pairSets', () => {
  it('pairs in order; one set has no prefix, several have their names', () => {
    expect(pairSets(['x/one/corpus.jsonl'], ['q'], [])).toEqual([{ corpus: 'x/one/corpus.jsonl', questions: 'q', prefix: '' }]);
    const sets = pairSets(['x/one/corpus.jsonl', 'y/two', 'z/two/corpus.jsonl'], ['q1', 'q2', 'q3'], ['e1', '-', 'e3']);
    expect(sets.map((set) => set.prefix)).toEqual(['one/', 'two/', 'two-2/']);
    expect(sets.map((set) => set.extractions)).toEqual(['e1', undefined, 'e3']);
  });

  it('refuses what does not pair', () => {
    expect(() => pairSets(['a', 'b'], ['q'], [])).toThrow('Each --corpus needs its --questions');
    expect(() => pairSets(['a', 'b'], ['q', 'r'], ['e'])).toThrow('--extractions once for each --corpus');
  });
});

describe('corpusSources', () => {
  const folder = mkdtempSync(join(tmpdir(), 'corpus-'));
  const set = { corpus: folder, questions: '', prefix: '' };
  beforeAll(() => {
    mkdirSync(join(folder, 'deep'));
    writeFileSync(join(folder, 'a.txt'), 'A');
    writeFileSync(join(folder, 'deep', 'b.txt'), 'B');
    writeFileSync(join(folder, 'questions.jsonl'), '{}');
    writeFileSync(join(folder, 'corpus.jsonl'), '{"id":"0","text":"zero"}\nbroken\n{"id":1,"text":"one"}\n');
  });
  afterAll(() => { rmSync(folder, { recursive: true }); });

  it('leaves the questions out of a folder', async () => {
    const sources = await gather(corpusSources(set, new Set([join(folder, 'questions.jsonl')])));
    expect(sources.map((source) => source.kind === 'file' && source.path.slice(folder.length + 1))).toEqual(['a.txt', 'corpus.jsonl', join('deep', 'b.txt')]);
  });

  it('names files of a pooled folder by set and path', async () => {
    const sources = await gather(corpusSources({ ...set, prefix: 'meetings/' }, new Set()));
    expect(sources).toContainEqual(expect.objectContaining({ kind: 'file', externalId: 'meetings/deep/b.txt' }));
  });

  it('puts the prefix before the ids of a pooled file, and passes what is no record', async () => {
    const [source] = await gather(corpusSources({ ...set, corpus: join(folder, 'corpus.jsonl'), prefix: 'set/' }, new Set()));
    const lines = source?.kind === 'stream' ? await text(source.open()) : '';
    expect(lines).toBe('{"id":"set/0","text":"zero"}\nbroken\n{"id":"set/1","text":"one"}\n');
  });

  it('puts the prefix before the passages of pooled extractions', async () => {
    const extractions = join(folder, 'triples.jsonl');
    writeFileSync(extractions, '{"passage":"0","triples":[]}\n');
    const sets = [{ ...set, prefix: 'one/', extractions }, { ...set, prefix: 'two/' }, { ...set, prefix: 'three/', extractions }];
    expect(await text(pooledExtractions(sets))).toBe('{"passage":"one/0","triples":[]}\n{"passage":"three/0","triples":[]}\n');
  });

  it('says when there is no such corpus', async () => {
    await expect(gather(corpusSources({ ...set, corpus: join(folder, 'nothing') }, new Set()))).rejects.toThrow('There is no corpus');
  });
});
