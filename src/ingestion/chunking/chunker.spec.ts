import fc from 'fast-check';
import { countTokens as realCount } from 'gpt-tokenizer/encoding/o200k_base';
import { structuredText } from '../../../test/fixtures/structured-text.ts';
import { textParts } from '../../../test/fixtures/text-parts.ts';
import { TEXT_PARSERS } from '../parsers/choose-parser.ts';
import { TranscriptParser } from '../parsers/transcript.parser.ts';
import { MarkdownParser } from '../parsers/markdown.parser.ts';
import type { DocumentParser } from '../document-parser.port.ts';
import { chunkBlocks, wholeChunk } from './chunker.ts';
import type { Chunk } from './chunk.types.ts';

async function chunked(parser: DocumentParser, text: string, maxTokens = 512, size = 50): Promise<Chunk[]> {
  const out: Chunk[] = [];
  for await (const chunk of chunkBlocks(parser.parse(textParts(text, size)), { documentTitle: 'Doc', maxTokens })) out.push(chunk);
  return out;
}

function lineOf(whole: string, offset: number): number {
  return whole.slice(0, offset).split('\n').length;
}

function expectExact(chunks: readonly Chunk[], whole: string): void {
  let end = 0;
  for (const { text: body, position, blocks } of chunks) {
    expect(body).toBe(whole.slice(position.start, position.end));
    expect(whole.slice(end, position.start).trim()).toBe('');
    expect(position.start).toBeGreaterThanOrEqual(end);
    expect(position.lines).toEqual([lineOf(whole, position.start), lineOf(whole, position.end)]);
    expect(blocks[0]).toBe(0);
    expect(blocks.every((at, i) => at < body.length && (i === 0 || at > (blocks[i - 1] ?? 0)))).toBe(true);
    expect(body.isWellFormed()).toBe(true);
    end = position.end;
  }
  expect(whole.slice(end).trim()).toBe('');
}

describe('chunkBlocks', () => {
  it.each(TEXT_PARSERS.map((parser) => [parser.format, parser] as const))('cuts any %s text exactly and within its bounds', async (_name, parser) => {
    await fc.assert(
      fc.asyncProperty(structuredText, fc.integer({ min: 1, max: 400 }), fc.constantFrom(32, 64, 512), async (whole, size, maxTokens) => {
        const chunks = await chunked(parser, whole, maxTokens, size);
        expectExact(chunks, whole);
        for (const chunk of chunks) expect(realCount(chunk.text, { disallowedSpecial: new Set() })).toBeLessThanOrEqual(maxTokens);
      }),
      { numRuns: 150 },
    );
  });

  it('does not depend on how the text arrives', async () => {
    await fc.assert(
      fc.asyncProperty(structuredText, fc.integer({ min: 1, max: 50 }), async (whole, size) => {
        const [parser] = TEXT_PARSERS;
        if (parser === undefined) return;
        expect(await chunked(parser, whole, 64, size)).toEqual(await chunked(parser, whole, 64, 1_000_000));
      }),
      { numRuns: 50 },
    );
  });

  it('cuts a transcript after ten turns', async () => {
    const whole = Array.from({ length: 23 }, (_, i) => `Speaker ${String(i % 3)}: point ${String(i + 1)} of the day.`).join('\n');
    const chunks = await chunked(new TranscriptParser(), whole);
    expect(chunks.map((chunk) => chunk.position.lines)).toEqual([
      [1, 10],
      [11, 20],
      [21, 23],
    ]);
    expect(chunks[0]?.blocks).toHaveLength(10);
    expect(chunks[0]?.speakers).toEqual(['Speaker 0', 'Speaker 1', 'Speaker 2']);
    expect(chunks[0]?.position.speaker).toBeUndefined();
  });

  it('splits a long turn at sentences, keeps its speaker and the alignment of the turns behind it', async () => {
    const long = `Ann: ${'This is a sentence of some length. '.repeat(40)}`;
    const lines = [long, ...Array.from({ length: 19 }, (_, i) => `Bob: short ${String(i)}.`)];
    const chunks = await chunked(new TranscriptParser(), lines.join('\n'), 128);
    const alone = chunks.filter((chunk) => chunk.position.speaker === 'Ann');
    expect(alone.length).toBeGreaterThan(1);
    expect(alone.every((chunk) => /[.]$/.test(chunk.text))).toBe(true);
    expect(chunks.at(-1)?.position.lines).toEqual([11, 20]);
    expect(chunks.at(-1)?.position.speaker).toBe('Bob');
  });

  it('titles chunks with the path of headings and keeps headings with their text', async () => {
    const whole = '# Doc\n\n## Setup\n\nRun it.\n\n### Linux\n\nUse npm.\n\n## Use\n\n- one\n- two\n';
    const chunks = await chunked(new MarkdownParser(), whole);
    expect(chunks.map((chunk) => chunk.title)).toEqual(['Doc > Setup', 'Doc > Setup > Linux', 'Doc > Use']);
    expect(chunks[0]?.text).toBe('# Doc\n\n## Setup\n\nRun it.');
    expect(chunks[2]?.blocks).toEqual([0, 8, 14]);
  });
});

describe('wholeChunk', () => {
  it('is the trimmed text with its lines', () => {
    expect(wholeChunk('\n a\nb\n\n c \n', 'T')).toEqual({
      title: 'T',
      text: 'a\nb\n\n c',
      position: { start: 2, end: 9, lines: [2, 5] },
      blocks: [0, 2, 6],
      speakers: [],
    });
    expect(wholeChunk(' \n', 'T')).toBeUndefined();
  });
});
