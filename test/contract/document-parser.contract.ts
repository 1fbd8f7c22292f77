import fc from 'fast-check';
import { type Block, type DocumentParser, MAX_BLOCK_UNITS } from '../../src/ingestion/document-parser.port.ts';
import { structuredText } from '../fixtures/structured-text.ts';
import { textParts } from '../fixtures/text-parts.ts';

async function blocksOf(parser: DocumentParser, text: string, size = 100): Promise<Block[]> {
  const blocks: Block[] = [];
  for await (const block of parser.parse(textParts(text, size))) blocks.push(block);
  return blocks;
}

function expectExact(blocks: readonly Block[], text: string): void {
  let end = 0;
  for (const block of blocks) {
    expect(block.text).toBe(text.slice(block.start, block.end));
    expect(block.text).toBe(block.text.trim());
    expect(block.text).not.toBe('');
    expect(text.slice(end, block.start).trim()).toBe('');
    expect(block.start).toBeGreaterThanOrEqual(end);
    if (block.lead !== undefined) expect(block.lead).toBe(text.slice(end, block.start));
    expect(block.line).toBe(text.slice(0, block.start).split('\n').length);
    end = block.end;
  }
  expect(text.slice(end).trim()).toBe('');
}

/** What every DocumentParser does with any text, its format or not. */
export function describeDocumentParser(name: string, parser: DocumentParser): void {
  describe(`${name} as a DocumentParser`, () => {
    it('covers all of a text but white space, in order, exactly, with lines', async () => {
      await fc.assert(
        fc.asyncProperty(structuredText, fc.integer({ min: 1, max: 300 }), async (text, size) => {
          expectExact(await blocksOf(parser, text, size), text);
        }),
        { numRuns: 150 },
      );
    });

    it('gives the same blocks however the text arrives', async () => {
      await fc.assert(
        fc.asyncProperty(structuredText, fc.integer({ min: 1, max: 40 }), async (text, size) => {
          expect(await blocksOf(parser, text, size)).toEqual(await blocksOf(parser, text, 1_000_000));
        }),
        { numRuns: 50 },
      );
    });

    it.each([
      ['an endless word', 'a'.repeat(300_000)],
      ['an endless line of words', 'word '.repeat(60_000)],
      ['endless pairs', '😀'.repeat(100_000)],
      ['a paragraph without end', 'one line\n'.repeat(30_000)],
      ['a fence without end', `\`\`\`\n${'one line\n'.repeat(30_000)}`],
      ['white space between words', `a${' '.repeat(200_000)}b${'\n'.repeat(200_000)}c`],
    ])('cuts %s into bounded blocks, never inside a pair', async (_, text) => {
      const blocks = await blocksOf(parser, text, 65_000);
      expectExact(blocks, text);
      for (const block of blocks) {
        expect(block.text.length).toBeLessThanOrEqual(MAX_BLOCK_UNITS);
        expect(block.text.isWellFormed()).toBe(true);
        expect(block.lead?.length ?? 0).toBeLessThanOrEqual(1000);
      }
    });

    it('has no blocks of a text that is none', async () => {
      expect(await blocksOf(parser, '')).toEqual([]);
      expect(await blocksOf(parser, ' \n\t\r\n ')).toEqual([]);
    });

    it('passes on what ends the text, and an abort', async () => {
      const fault = new Error('broken');
      const failing = async function* (): AsyncGenerator<string> {
        yield await Promise.resolve('text\n\n');
        throw fault;
      };
      const read = async (signal?: AbortSignal): Promise<void> => {
        for await (const _block of parser.parse(failing(), signal)) expect(_block).toBeDefined();
      };
      await expect(read()).rejects.toBe(fault);
      await expect(read(AbortSignal.abort(new Error('aborted')))).rejects.toThrow('aborted');
    });

    it('says how sure it is as a share', () => {
      for (const text of ['', 'plain', '# A\n\n## B\n\n', 'Ann: a\nBob: b\n']) {
        const confidence = parser.confidence({ text, name: 'file.txt' });
        expect(confidence).toBeGreaterThanOrEqual(0);
        expect(confidence).toBeLessThanOrEqual(1);
      }
    });
  });
}
