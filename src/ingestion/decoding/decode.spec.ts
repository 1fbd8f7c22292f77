import fc from 'fast-check';
import { decodeStream, wellFormed } from './decode.ts';

async function* cut(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < bytes.length; i += size) yield await Promise.resolve(bytes.subarray(i, i + size));
}

async function decode(bytes: Uint8Array, contentType?: string, size = 3): Promise<string> {
  let text = '';
  for await (const part of (await decodeStream(cut(bytes, size), contentType)).text) {
    expect(part.isWellFormed()).toBe(true);
    text += part;
  }
  return text;
}

const text = fc.string({ unit: 'grapheme' }).filter((each) => !each.includes('\0') && !each.startsWith('\ufeff') && !/^(?:%PDF-|PK|GIF8)/.test(each));

describe('decodeStream', () => {
  it('reads UTF-8 and UTF-16 of any text, however it arrives', async () => {
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (whole, size) => {
        const wide = Buffer.from(whole, 'utf16le');
        expect(await decode(Buffer.from(whole), undefined, size)).toBe(whole);
        expect(await decode(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(whole)]), undefined, size)).toBe(whole);
        expect(await decode(Buffer.concat([Buffer.from([0xff, 0xfe]), wide]), undefined, size)).toBe(whole);
        expect(await decode(Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(wide).swap16()]), undefined, size)).toBe(whole);
      }),
      { numRuns: 60 },
    );
  });

  it('reads a declared charset, but a byte order mark knows better', async () => {
    expect(await decode(Buffer.from('déjà', 'latin1'), 'text/plain; charset=ISO-8859-1')).toBe('déjà');
    expect(await decode(Buffer.from('\ufeffdéjà'), 'text/plain; charset="iso-8859-1"')).toBe('déjà');
  });

  it.each([
    ['document-encoding', 'Latin-1 that nobody declared', Buffer.from('déjà vu, all of it', 'latin1'), undefined],
    ['document-encoding', 'a charset that does not exist', Buffer.from('x'), 'text/plain; charset=klingon'],
    ['document-encoding', 'a text cut inside a character', Buffer.from('é').subarray(0, 1), undefined],
    ['document-binary', 'NUL characters', Buffer.from('a\0b'), undefined],
    ['document-binary', 'UTF-16 without a mark', Buffer.from('plain', 'utf16le'), undefined],
    ['document-format-unknown', 'a PDF', Buffer.from('%PDF-1.4\n'), undefined],
    ['document-format-unknown', 'a ZIP archive', Buffer.from('PK\u0003\u0004 and more'), undefined],
  ])('refuses with %s: %s', async (code, _, bytes, contentType) => {
    await expect(decode(bytes, contentType)).rejects.toMatchObject({ code, remedy: expect.any(String) });
  });

  it('has no text of nothing', async () => {
    expect(await decode(Buffer.alloc(0))).toBe('');
  });
});

describe('wellFormed', () => {
  it('replaces lone surrogates and NULs one for one', () => {
    expect(wellFormed('a\ud800b\0c😀\udc00')).toBe('a\ufffdb\ufffdc😀\ufffd');
  });
});
