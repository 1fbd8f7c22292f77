import { describeDocumentParser } from '../../../test/contract/document-parser.contract.ts';
import { textParts } from '../../../test/fixtures/text-parts.ts';
import type { Block } from '../document-parser.port.ts';
import { chooseParser, isRecordList, sampleOf, TEXT_PARSERS } from './choose-parser.ts';
import { MarkdownParser } from './markdown.parser.ts';
import { TranscriptParser } from './transcript.parser.ts';

for (const parser of TEXT_PARSERS) describeDocumentParser(parser.constructor.name, parser);

async function blocks(parser: MarkdownParser | TranscriptParser, text: string): Promise<Block[]> {
  const out: Block[] = [];
  for await (const block of parser.parse(textParts(text, 7))) out.push(block);
  return out;
}

describe('chooseParser', () => {
  const choose = (text: string, name: string): string => chooseParser(sampleOf(text, name)).format;

  it.each([
    ['transcript', 'Ann: Hello.\nBob: Hi there.\nAnn: Bye.\n', 'meeting.txt'],
    ['transcript', '[00:01:02] Ann: Hello.\n[00:01:05] Bob: Hi.\n', 'meeting'],
    ['text', 'Note: only one line looks like that.\nThe others do not.\nNor this one.\n', 'a.txt'],
    ['text', 'Ann: alone\n', 'a.txt'],
    ['markdown', 'No heading at all.\n', 'Readme.MD'],
    ['markdown', '# One\n\ntext\n\n## Two\n\ntext\n', 'notes'],
    ['markdown', '# Options\n\n- name: what it is\n- size: how large\n- colour: which\n', 'a.md'],
    ['text', '# a comment\nx = 1\n', 'script.txt'],
    ['text', '', ''],
  ])('takes for %s: %j', (format, text, name) => {
    expect(choose(text, name)).toBe(format);
  });

  it('knows a list of records by its name or its first lines', () => {
    expect(isRecordList(sampleOf('not json\n', 'a.jsonl'))).toBe(true);
    expect(isRecordList(sampleOf('{"id":1,"text":"x"}\n{"id":2,"text":"y"}\n', 'a.txt'))).toBe(true);
    expect(isRecordList(sampleOf('{"id":1}\n', 'a.txt'))).toBe(false);
    expect(isRecordList(sampleOf('text', 'a.txt'))).toBe(false);
  });
});

describe('MarkdownParser', () => {
  it('finds headings of both forms, code, lists, tables and paragraphs', async () => {
    const text = [
      '---\ntitle: Front\n---\n',
      '# One #\n',
      'Two words\n=========\n',
      'a paragraph\nof two lines\n',
      '- item\n  more\n1. first\n',
      '```js\n# no heading\n\nx\n```\n',
      '| a | b |\n|---|---|\n| 1 | 2 |\n',
      '* * *\n',
      'Sub\n---\n',
    ].join('\n');
    const found = (await blocks(new MarkdownParser(), text)).map(({ kind, level, title }) => [kind, level, title].filter((each) => each !== undefined));
    expect(found).toEqual([
      ['code'],
      ['heading', 1, 'One'],
      ['heading', 1, 'Two words'],
      ['paragraph'],
      ['list-item'],
      ['list-item'],
      ['code'],
      ['table'],
      ['paragraph'],
      ['heading', 2, 'Sub'],
    ]);
  });

  it.each([
    ['of its first heading of level one', '## Intro\n\n# The [Guide](x.md) to `all`\n', 'The Guide to all'],
    ['of its front matter', '---\nauthor: x\ntitle: "From the front"\n---\n\n# Other\n', 'From the front'],
    ['none without', 'text\n\n## Sub\n', undefined],
    ['none in a fence', '```\n# comment\n```\n', undefined],
  ])('takes the title %s', (_, text, title) => {
    expect(new MarkdownParser().titleOf(sampleOf(text, 'a.md'))).toBe(title);
  });
});

describe('TranscriptParser', () => {
  it('finds turns with speakers and times, and gives lines without a speaker to the last one', async () => {
    const text = 'Minutes of today\n\nAnn Lee: Hello.\nmore of it\n\nstill Ann\n[01:02:03] Bob: Hi: there\n(05:09) Cy:\n';
    const found = (await blocks(new TranscriptParser(), text)).map(({ kind, speaker, timeSeconds, line, continues }) => ({ kind, speaker, timeSeconds, line, continues }));
    expect(found).toEqual([
      { kind: 'paragraph', line: 1 },
      { kind: 'turn', speaker: 'Ann Lee', line: 3 },
      { kind: 'turn', speaker: 'Ann Lee', line: 6, continues: true },
      { kind: 'turn', speaker: 'Bob', timeSeconds: 3723, line: 7 },
      { kind: 'turn', speaker: 'Cy', timeSeconds: 309, line: 8 },
    ]);
  });

  it('takes date, agenda items and marked headings for headings, not for speakers', async () => {
    const text = 'Date: 2026-05-03\n\nAgenda item 1: Budget\nAnn: Let us begin.\nBob: Yes.\n## Any other business\nAnn: Date is set.\n';
    const found = (await blocks(new TranscriptParser(), text)).map(({ kind, speaker, title, level }) => [kind, speaker ?? title, level]);
    expect(found).toEqual([
      ['heading', '2026-05-03', 1],
      ['heading', 'Budget', 2],
      ['turn', 'Ann', undefined],
      ['turn', 'Bob', undefined],
      ['heading', 'Any other business', 2],
      ['turn', 'Ann', undefined],
    ]);
  });
});
