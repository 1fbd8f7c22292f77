import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readQuestions } from './question-set.ts';

describe('readQuestions', () => {
  const folder = mkdtempSync(join(tmpdir(), 'questions-'));
  const file = join(folder, 'questions.jsonl');
  afterAll(() => { rmSync(folder, { recursive: true }); });

  function write(...lines: unknown[]): void {
    writeFileSync(file, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
  }

  it('reads both kinds, in order, past empty lines and a BOM', async () => {
    write(
      `\uFEFF${JSON.stringify({ id: 'a', question: 'Who?', gold: ['1', '2', '1'], answer: 'x' })}`,
      '',
      { id: 7, question: 'What?', document: 'm.txt', gold_lines: [[3, 5]] },
    );
    expect(await readQuestions(file, '')).toEqual([
      { kind: 'documents', id: 'a', question: 'Who?', gold: ['1', '2'] },
      { kind: 'lines', id: '7', question: 'What?', document: 'm.txt', goldLines: [[3, 5]] },
    ]);
  });

  it('puts the prefix before documents and stops at the limit', async () => {
    write({ id: 'a', question: 'Who?', gold: ['1'] }, { id: 'b', question: 'What?', document: 'm.txt', gold_lines: [[3, 3]] }, 'not read');
    expect(await readQuestions(file, 'set/', 2)).toMatchObject([{ gold: ['set/1'] }, { document: 'set/m.txt' }]);
    expect(await readQuestions(file, '', 1)).toHaveLength(1);
  });

  it.each([
    ['no JSON', '{"id": "b",', /questions\.jsonl:2 is no JSON/],
    ['no question', { id: 'b', gold: ['1'] }, /questions\.jsonl:2 is no question: question/],
    ['no gold', { id: 'b', question: 'x' }, /:2 is no question: gold/],
    ['empty gold', { id: 'b', question: 'x', gold: [] }, /:2 is no question: gold/],
    ['a range the wrong way round', { id: 'b', question: 'x', document: 'd', gold_lines: [[5, 3]] }, /:2 is no question: gold_lines\.0/],
    ['a list', [1], /:2 is no question/],
  ])('names the line with %s', async (_what, line, message) => {
    write({ id: 'a', question: 'Who?', gold: ['1'] }, line);
    await expect(readQuestions(file, '')).rejects.toMatchObject({ code: 'invalid-request', message: expect.stringMatching(message) as string });
  });

  it.each([
    ['a missing file', () => join(folder, 'nothing.jsonl'), /cannot be read/],
    ['a folder', () => folder, /cannot be read/],
    ['an empty file', () => { writeFileSync(file, '\n'); return file; }, /holds no question/],
  ])('refuses %s', async (_what, path, message) => {
    await expect(readQuestions(path(), '')).rejects.toMatchObject({ code: 'invalid-request', message: expect.stringMatching(message) as string });
  });
});
