import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Question } from '../../evaluation/question-set.ts';
import { CorpusCopies } from './corpus-copies.ts';
import { seededRandom } from './seeded-random.ts';

const about = (...gold: string[]): Question => ({ kind: 'documents', id: gold.join(), question: 'Where is Oslo?', gold });

describe('CorpusCopies', () => {
  const folder = mkdtempSync(join(tmpdir(), 'copies-'));
  const corpus = join(folder, 'corpus.jsonl');
  const set = { corpus, questions: '', prefix: '' };
  let next = 0;
  afterAll(() => { rmSync(folder, { recursive: true }); });
  beforeEach(() => {
    writeFileSync(corpus, '{"id":"a","title":"Oslo","text":"Oslo lies on a fjord."}\n\n{"id":2,"text":"All trams in Oslo are blue."}\n');
  });

  async function written(copies: CorpusCopies, count: number): Promise<unknown[]> {
    const target = join(folder, `part-${String((next += 1))}`);
    await copies.write(target, count);
    return readFileSync(join(target, 'records.jsonl'), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as unknown);
  }

  it('goes on for ever: the corpus, then the corpus with other names', async () => {
    const copies = await CorpusCopies.of([set]);
    expect(await written(copies, 3)).toEqual([
      { id: '0/a', title: 'Oslo', text: 'Oslo lies on a fjord.' },
      { id: '0/2', title: '', text: 'All trams in Oslo are blue.' },
      { id: '1/a', title: 'Oslo1', text: 'Oslo1 lies on a fjord.' },
    ]);
    expect(await written(copies, 200)).toContainEqual({ id: '100/a', title: 'Oslo100', text: 'Oslo100 lies on a fjord.' });
    expect(copies.written).toBe(203);
  });

  it('knows of each question how many copies can answer it', async () => {
    const copies = await CorpusCopies.of([set]);
    const copiesOf = (): number[][] => copies.answerable([about('a'), about('a', '2'), about('gone')]).map((each) => [each.copies]);
    expect(copiesOf()).toEqual([]);
    await written(copies, 1);
    expect(copiesOf()).toEqual([[1]]);
    await written(copies, 4);
    expect(copiesOf()).toEqual([[3], [2]]);
  });

  it('asks in the names of the copy', async () => {
    const copies = await CorpusCopies.of([set]);
    expect(copies.inCopy(about('a'), 4)).toMatchObject({ question: 'Where is Oslo4?', gold: ['4/a'] });
    const lines: Question = { kind: 'lines', id: 'l', question: 'Oslo', document: 'm.txt', goldLines: [[1, 2]] };
    expect(copies.inCopy(lines, 0)).toMatchObject({ question: 'Oslo', document: '0/m.txt', goldLines: [[1, 2]] });
  });

  it('copies files of a folder as files, without the questions, beside other sets', async () => {
    const talks = join(folder, 'talks');
    mkdirSync(join(talks, 'deep'), { recursive: true });
    writeFileSync(join(talks, 'deep', 'one.txt'), 'Ada: we met in Oslo.\n');
    writeFileSync(join(talks, 'questions.jsonl'), '{"id":"q"}\n');
    const copies = await CorpusCopies.of([{ corpus: talks, questions: join(talks, 'questions.jsonl'), prefix: 'talks/' }, { ...set, prefix: 'cities/' }]);
    const target = join(folder, 'pool');
    await copies.write(target, 4);
    expect(readFileSync(join(target, '1', 'talks', 'deep', 'one.txt'), 'utf8')).toBe('Ada1: we met in Oslo1.\n');
    expect(readdirSync(target).sort()).toEqual(['0', '1', 'records.jsonl']);
    expect(copies.answerable([about('cities/2')])).toMatchObject([{ copies: 1 }]);
  });

  it.each([
    ['no corpus', () => join(folder, 'nothing.jsonl'), /cannot be read/],
    ['an empty one', () => { writeFileSync(corpus, '\n'); return corpus; }, /holds no document/],
    ['a line that is no record', () => { writeFileSync(corpus, '{"id":"a","text":"x"}\n{"id":"b"}\n'); return corpus; }, /corpus\.jsonl:2 is no record/],
  ])('refuses %s', async (_what, path, message) => {
    await expect(CorpusCopies.of([{ ...set, corpus: path() }])).rejects.toMatchObject({ code: 'invalid-request', message: expect.stringMatching(message) as string });
  });
});

describe('seededRandom', () => {
  it('repeats itself for a seed and spreads evenly', () => {
    const [one, same, other] = [seededRandom(1), seededRandom(1), seededRandom(2)];
    const list = Array.from({ length: 10_000 }, one);
    expect(list.slice(0, 5)).toEqual(Array.from({ length: 5 }, same));
    expect(list[0]).not.toBe(other());
    for (let tenth = 0; tenth < 10; tenth += 1) {
      const inTenth = list.filter((value) => Math.floor(value * 10) === tenth).length;
      expect(Math.abs(inTenth - 1000)).toBeLessThan(150);
    }
  });
});
