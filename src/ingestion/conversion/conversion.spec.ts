import fc from 'fast-check';
import { docx, pdf, pptx, xlsx, zip } from '../../../test/fixtures/office-files.ts';
import { textParts } from '../../../test/fixtures/text-parts.ts';
import { type IngestionErrorCode, IngestionError } from '../ingestion.errors.ts';
import type { BinaryFormat, ReadBlock } from './conversion.types.ts';
import { ConvertedText } from './converted-text.ts';
import { readCues } from './cues.ts';
import { readDelimited } from './delimited.ts';
import { DocumentConverter } from './document-converter.service.ts';
import { binaryFormatOf, textFormatOf } from './formats.ts';

const FAULTS: readonly IngestionErrorCode[] = ['document-encrypted', 'document-malformed', 'document-limit', 'document-no-text'];
const FORMATS: readonly BinaryFormat[] = ['pdf', 'docx', 'xlsx', 'pptx', 'html', 'json-turns'];

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

describe('DocumentConverter', () => {
  const converter = new DocumentConverter();
  afterAll(() => converter.onApplicationShutdown());

  const read = async (format: BinaryFormat, bytes: Uint8Array, limits: Parameters<DocumentConverter['convert']>[3] = {}): Promise<{ blocks: ReadBlock[]; title: string | undefined }> => {
    const blocks: ReadBlock[] = [];
    const parts = converter.convert(format, once(bytes), undefined, limits);
    for (;;) {
      const step = await parts.next();
      if (step.done === true) return { blocks, title: step.value.title };
      blocks.push(step.value);
    }
  };
  const html = (text: string): Promise<{ blocks: ReadBlock[]; title: string | undefined }> => read('html', Buffer.from(text));

  it('reads the pages of a PDF, with the headings that their fonts tell', async () => {
    const { blocks } = await read('pdf', pdf([['# Harbours', 'Oslo has a har-', 'bour in the south.'], ['Bergen has one in the west.']]));
    expect(blocks).toEqual([
      { kind: 'heading', level: 1, text: 'Harbours', page: 1 },
      { kind: 'paragraph', text: 'Oslo has a harbour in the south.', page: 1 },
      { kind: 'paragraph', text: 'Bergen has one in the west.', page: 2 },
    ]);
  });

  it('says so when a PDF holds pictures at most, or more pages than it may', async () => {
    await expect(read('pdf', pdf([[], []]))).rejects.toMatchObject({ code: 'document-no-text' });
    await expect(read('pdf', pdf([['a'], ['b']]), { maxPages: 1 })).rejects.toMatchObject({ code: 'document-limit' });
  });

  it('reads headings, paragraphs and tables of a Word document', async () => {
    const { blocks } = await read('docx', docx(['# Staff', 'Ada leads & plans.', '| Ada | Lead']));
    expect(blocks).toEqual([
      { kind: 'heading', level: 1, text: 'Staff' },
      { kind: 'paragraph', text: 'Ada leads & plans.' },
      { kind: 'table', text: 'Ada | Lead' },
    ]);
  });

  it('reads a presentation slide by slide', async () => {
    const { blocks, title } = await read('pptx', pptx([['Plan', 'We build.'], ['Cost', 'It is low.']]));
    expect(title).toBe('Plan');
    expect(blocks).toEqual([
      { kind: 'heading', level: 2, text: 'Plan', page: 1 },
      { kind: 'paragraph', text: 'We build.', page: 1 },
      { kind: 'heading', level: 2, text: 'Cost', page: 2 },
      { kind: 'paragraph', text: 'It is low.', page: 2 },
    ]);
  });

  it('reads a workbook row by row, each value under its column', async () => {
    const { blocks } = await read('xlsx', xlsx({ Staff: [['Name', 'Room'], ['Ada', 12], ['Charles', '']], Empty: [] }));
    expect(blocks).toEqual([
      { kind: 'heading', level: 1, text: 'Staff', page: 1 },
      { kind: 'table', text: 'Name | Room', page: 1, row: 1 },
      { kind: 'table', text: 'Name: Ada; Room: 12', page: 1, row: 2 },
      { kind: 'table', text: 'Name: Charles', page: 1, row: 3 },
    ]);
  });

  it('reads what a page shows, and nothing else', async () => {
    const page = '<!doctype html><html><head><title>Port  of Oslo</title><style>p{}</style></head><body><script>alert(1)</script><h2>Ships</h2><p>One &amp; two<br>three</p><ul><li>a</li><li>b</li></ul><table><tr><th>x<td>y</tr></table><p hidden>secret</p><pre>a\n  b</pre>';
    const { blocks, title } = await html(page);
    expect(title).toBe('Port of Oslo');
    expect(blocks).toEqual([
      { kind: 'heading', level: 2, text: 'Ships' },
      { kind: 'paragraph', text: 'One & two\nthree' },
      { kind: 'list-item', text: 'a' },
      { kind: 'list-item', text: 'b' },
      { kind: 'table', text: 'x | y' },
      { kind: 'code', text: 'a\n  b' },
    ]);
  });

  it('reads a page in the charset that it names', async () => {
    const { blocks } = await read('html', Buffer.from('<html><meta charset="iso-8859-1"><p>Caf\u00e9</p>', 'latin1'));
    expect(blocks).toEqual([{ kind: 'paragraph', text: 'Café' }]);
  });

  it('reads JSON of turns under the usual names', async () => {
    const turns = { title: 'Weekly', segments: [{ speaker: 'Ada', text: 'Hello.', start: '0:01:02.5' }, { speaker: 2, text: ' ' }, { speaker: 2, text: 'Hi.', start: 63 }] };
    const { blocks, title } = await read('json-turns', Buffer.from(JSON.stringify(turns)));
    expect(title).toBe('Weekly');
    expect(blocks).toEqual([
      { kind: 'turn', text: 'Ada: Hello.', speaker: 'Ada', timeSeconds: 62.5 },
      { kind: 'turn', text: 'Speaker 2: Hi.', speaker: 'Speaker 2', timeSeconds: 63 },
    ]);
  });

  it.each([
    ['an archive that says it is larger than allowed', 'docx', docx(['x'.repeat(2_000_000)]), { maxUnpackedBytes: 100_000 }, 'document-limit'],
    ['an archive that ends early', 'docx', docx(['some text']).subarray(0, 200), {}, 'document-malformed'],
    ['an archive of something else', 'xlsx', zip({ 'xl/nothing.txt': 'x' }), {}, undefined],
    ['paths that lead out of an archive', 'pptx', zip({ '../../ppt/slides/slide1.xml': '<a:t>x</a:t>' }), {}, 'document-no-text'],
    ['an external entity', 'pptx', zip({ 'ppt/slides/slide1.xml': '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><p:sld><a:p><a:t>&e;</a:t></a:p></p:sld>' }), {}, undefined],
  ] as const)('is safe from %s', async (...[, format, bytes, limits, code]) => {
    const outcome = await read(format, bytes, limits).catch((error: unknown) => error);
    if (code !== undefined) expect(outcome).toMatchObject({ code });
    else if (outcome instanceof Error) expect(FAULTS).toContain((outcome as IngestionError).code);
    expect(JSON.stringify(outcome)).not.toContain('root:');
  });

  it('replaces a thread that takes too long, and goes on with the next document', async () => {
    await expect(read('html', Buffer.from(`<p>${'<b>x'.repeat(400_000)}`), { silentMs: 1 })).rejects.toMatchObject({ code: 'document-limit' });
    expect((await html('<p>next</p>')).blocks).toEqual([{ kind: 'paragraph', text: 'next' }]);
  });

  it('ends at once when it is aborted', async () => {
    const controller = new AbortController();
    const parts = converter.convert('html', once(Buffer.from('<p>x</p>'.repeat(200_000))), controller.signal);
    await parts.next();
    controller.abort(new Error('enough'));
    await expect(Array.fromAsync(parts)).rejects.toThrow('enough');
  });

  it('takes further documents when readers leave in the middle, more often than there are threads', async () => {
    for (let i = 0; i < 5; i += 1) {
      const parts = converter.convert('html', once(Buffer.from('<p>x</p>'.repeat(100_000))));
      await parts.next();
      await parts.return({});
    }
    expect((await html('<p>next</p>')).blocks).toEqual([{ kind: 'paragraph', text: 'next' }]);
  });

  it('reads anything, or says in its documented words why not', async () => {
    const starts = [Buffer.from('%PDF-1.7\n'), docx(['a']).subarray(0, 300), xlsx({ S: [['a', 'b']] }).subarray(0, 400), Buffer.from('<html><table><tr>'), Buffer.from('[{"speaker":')];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...FORMATS), fc.constantFrom(Buffer.alloc(0), ...starts), fc.uint8Array({ maxLength: 400 }), async (format, start, rest) => {
        const outcome = await read(format, Buffer.concat([start, rest])).catch((error: unknown) => error);
        if (outcome instanceof Error) expect([outcome.constructor, FAULTS]).toEqual([IngestionError, expect.arrayContaining([(outcome as IngestionError).code])]);
      }),
      { numRuns: 120 },
    );
  }, 60_000);
});

describe('ConvertedText', () => {
  const block = fc.record({
    kind: fc.constantFrom('heading', 'paragraph', 'list-item', 'table', 'turn', 'code'),
    text: fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom('', ' \n', 'a\r\nb\n\nc', 'x'.repeat(150_000), '\ud800 half')),
    page: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  }) as fc.Arbitrary<ReadBlock>;

  it('puts blocks together to a text in which each stands where it says', () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 12 }), (blocks) => {
        const text = new ConvertedText();
        const placed = blocks.flatMap((read) => [...text.place(read)]);
        const whole = placed.map(({ before, block: { text: own } }) => before + own).join('');
        let end = 0;
        for (const { block: each, before } of placed) {
          expect(each.text).toBe(whole.slice(each.start, each.end));
          expect(each.text).toBe(each.text.trim());
          expect(each.text.isWellFormed()).toBe(true);
          expect(each.text.length).toBeLessThanOrEqual(65_536);
          expect(each.line).toBe(whole.slice(0, each.start).split('\n').length);
          expect(whole.slice(end, each.start)).toBe(before);
          if (each.lead !== undefined) expect(each.lead).toBe(before);
          end = each.end;
        }
      }),
      { numRuns: 200 },
    );
  });

  it('lets no chunk go over the end of a page', () => {
    const text = new ConvertedText();
    const placed = [1, 1, 2].flatMap((page) => [...text.place({ kind: 'paragraph', text: 'x', page })]);
    expect(placed.map(({ block: { lead } }) => lead)).toEqual(['', '\n\n', undefined]);
  });
});

describe('captions', () => {
  const turns = async (text: string, size = 7): Promise<ReadBlock[]> => await Array.fromAsync(readCues(textParts(text, size)));

  it('reads WebVTT: speakers, times, no notes, styles or tags', async () => {
    const vtt = 'WEBVTT - meeting\n\nNOTE not to be read\n\nSTYLE\n::cue { color: red }\n\n1\n00:01.000 --> 00:02.000 align:start\n<v Ada>Good <b>morning</b></v>\n\n00:02.000 --> 00:04.000\n<v Ada>everyone.\n\n01:00:00.500 --> 01:00:02.000\n<v.loud Charles Babbage>Tea &amp; biscuits?\n';
    expect(await turns(vtt)).toEqual([
      { kind: 'turn', text: 'Ada: Good morning everyone.', speaker: 'Ada', timeSeconds: 1 },
      { kind: 'turn', text: 'Charles Babbage: Tea & biscuits?', speaker: 'Charles Babbage', timeSeconds: 3600.5 },
    ]);
  });

  it('reads SubRip, with names before the text, and times that run backwards', async () => {
    const srt = '1\r\n00:00:09,000 --> 00:00:10,000\r\nAda: One.\r\n\r\n2\r\n00:00:05,000 --> 00:00:06,000\r\nBob: Two.\r\n';
    expect(await turns(srt)).toEqual([
      { kind: 'turn', text: 'Ada: One.', speaker: 'Ada', timeSeconds: 9 },
      { kind: 'turn', text: 'Bob: Two.', speaker: 'Bob', timeSeconds: 5 },
    ]);
  });

  it('reads anything without failing, the same however it arrives', async () => {
    const line = fc.oneof(fc.constantFrom('WEBVTT', '', '00:01.000 --> 00:02.000', '00:09.000 --> 00:01.000', '<v Ada>Hi', 'Bob: so', 'NOTE x', '1'), fc.string({ maxLength: 20 }));
    await fc.assert(fc.asyncProperty(fc.array(line, { maxLength: 30 }), fc.integer({ min: 1, max: 20 }), async (lines, size) => {
      const text = lines.join('\n');
      expect(await turns(text, size)).toEqual(await turns(text, 10_000));
    }));
  });
});

describe('tables', () => {
  const rows = async (text: string, delimiter = ','): Promise<ReadBlock[]> => await Array.fromAsync(readDelimited(textParts(text, 5), delimiter));

  it('gives each row with its number, values under their columns, however ragged', async () => {
    expect(await rows('\ufeffname,city\n"Ada, Countess",London\nBob\n\nCarl,"a ""b""",extra\n')).toEqual([
      { kind: 'table', text: 'name | city', row: 1 },
      { kind: 'table', text: 'name: Ada, Countess; city: London', row: 2 },
      { kind: 'table', text: 'name: Bob', row: 3 },
      { kind: 'table', text: 'name: Carl; city: a "b"; extra', row: 4 },
    ]);
    expect((await rows('1\t2\n3\t4', '\t')).map(({ text }) => text)).toEqual(['1; 2', '3; 4']);
  });

  it('names the fault of a quote that never closes', async () => {
    await expect(rows('a,b\n"open,1\n2,3\n')).rejects.toMatchObject({ code: 'document-malformed', message: expect.stringContaining('Quote') as string });
  });
});

describe('the format of a file', () => {
  const text = (content: string, name = 'file'): string | undefined => textFormatOf({ text: content, name })?.format;

  it('is told by its bytes, whatever its name says', () => {
    expect(binaryFormatOf(pdf([['a']]), 'report.txt')?.format).toBe('pdf');
    expect(binaryFormatOf(Buffer.concat([Buffer.from('junk\n'), pdf([['a']])]), 'x')?.format).toBe('pdf');
    expect(binaryFormatOf(docx(['a']), 'report.pdf')?.format).toBe('docx');
    expect(binaryFormatOf(xlsx({ S: [['a']] }), 'x.zip')?.format).toBe('xlsx');
    expect(binaryFormatOf(pptx([['a']]), 'x')?.format).toBe('pptx');
    expect(binaryFormatOf(Buffer.from('plain text'), 'x.pdf')).toBeUndefined();
    expect(() => binaryFormatOf(zip({ 'a.txt': 'a' }), 'x.zip')).toThrow(expect.objectContaining({ code: 'document-format-unknown' }) as Error);
    expect(() => binaryFormatOf(Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0, 0]), 'x.doc')).toThrow(/old or an encrypted Office file/);
  });

  it('is told by the text where it is one', () => {
    expect(text('WEBVTT\n\n00:01.000 --> 00:02.000\nHi')).toBe('vtt');
    expect(text('1\n00:00:01,000 --> 00:00:02,000\nHi')).toBe('srt');
    expect(text('<!-- c --><!DOCTYPE html><p>x')).toBe('html');
    expect(text('<p>bare</p>', 'page.html')).toBe('html');
    expect(text('[{"speaker":"A","text":"x"}]')).toBe('json-turns');
    expect(text('[{"id":1,"text":"x"}]')).toBeUndefined();
    expect(text('a,b\n1,2\n', 'x.csv')).toBe('csv');
    expect(text('a;b;c\n1;2;3\n4;5;6\n7;8;9\n1;1;1\n')).toBe('csv');
    expect(text('One, two.\nThree, four.\n')).toBeUndefined();
    expect(text('| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n| 5 | 6 |\n', 'table.md')).toBeUndefined();
    expect(text('# A heading\n\nWith, some, commas.\n')).toBeUndefined();
  });
});
