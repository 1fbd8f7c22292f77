import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { matchRun, readRun, requireWritable, writeRun } from './stored-run.ts';

const asked = (prefix: string, ...ids: string[]): { question: { id: string }; prefix: string }[] => ids.map((id) => ({ question: { id }, prefix }));
const stored = (id: string, ...externalIds: string[]): { id: string; passages: { externalId: string }[] } => ({ id, passages: externalIds.map((externalId) => ({ externalId })) });

describe('A stored run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'run-'));
  const file = join(folder, 'run.jsonl');
  afterAll(() => { rmSync(folder, { recursive: true }); });

  it('reads what it wrote', async () => {
    const question = { kind: 'documents', id: 'q', question: '?', gold: ['a'] } as const;
    const passages = [{ externalId: 'a' }, { externalId: 'm.txt', lines: [1, 10] as const }];
    await writeRun(file, [{ question, passages }, { question: { ...question, id: 'r' }, passages: [] }]);
    expect(await readRun(file)).toEqual([{ id: 'q', passages }, { id: 'r', passages: [] }]);
  });

  it('takes ids that are numbers, and leaves out what else a passage tells', async () => {
    writeFileSync(file, '\uFEFF{"id":7,"passages":[{"externalId":"a","score":1}]}\n\n');
    expect(await readRun(file)).toEqual([stored('7', 'a')]);
  });

  it.each([
    ['an empty file', '\n', /run\.jsonl holds no ranking/],
    ['no JSON', '{"id":', /run\.jsonl:1 is no JSON/],
    ['a question', '{"id":"q","question":"?","gold":["a"]}', /:1 is no ranking: passages/],
    ['bare ids', '{"id":"q","passages":["a"]}', /:1 is no ranking: passages\.0/],
    ['lines the wrong way round', '{"id":"q","passages":[{"externalId":"a","lines":[3,2]}]}', /passages\.0\.lines/],
  ])('refuses %s', async (_what, text, message) => {
    writeFileSync(file, text);
    await expect(readRun(file)).rejects.toMatchObject({ code: 'invalid-request', message: expect.stringMatching(message) as string });
  });

  it('refuses a file that is not there', async () => {
    await expect(readRun(join(folder, 'nothing'))).rejects.toThrow('cannot be read');
  });

  it('says before the work whether it can be written', async () => {
    await expect(requireWritable(join(folder, 'new.jsonl'))).resolves.toBeUndefined();
    await expect(requireWritable(file)).resolves.toBeUndefined();
    await expect(requireWritable(folder)).rejects.toMatchObject({ code: 'invalid-request' });
    await expect(requireWritable(join(folder, 'no', 'folder'))).rejects.toThrow('cannot be written');
  });
});

describe('matchRun', () => {
  it('pairs by id, whatever the order, and tells what has no counterpart', () => {
    const matched = matchRun('f', [stored('c', 'z'), stored('a', 'x', 'y')], asked('', 'a', 'b'));
    expect(matched).toEqual({ passages: [[{ externalId: 'x' }, { externalId: 'y' }], undefined], notAsked: ['c'], longest: 2 });
  });

  it('pairs ids that come several times in their order', () => {
    const { passages, notAsked } = matchRun('f', [stored('a', '1'), stored('a', '2'), stored('a', '3')], asked('', 'a', 'a'));
    expect([passages, notAsked]).toEqual([[[{ externalId: '1' }], [{ externalId: '2' }]], ['a']]);
  });

  it('lays a run of one set beside the same set in a pool', () => {
    const pool = [...asked('one/', 'a'), ...asked('two/', 'b')];
    expect(matchRun('f', [stored('b', 'x')], pool).passages).toEqual([undefined, [{ externalId: 'two/x' }]]);
    expect(matchRun('f', [stored('b', 'one/y', 'two/x')], pool).passages[1]).toEqual([{ externalId: 'one/y' }, { externalId: 'two/x' }]);
  });

  it('refuses a run of other questions', () => {
    expect(() => matchRun('f', [stored('c', 'x')], asked('', 'a'))).toThrow('the ranking of no question that is asked');
  });
});
