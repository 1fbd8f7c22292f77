import fc from 'fast-check';
import { passageSentences, speakerAt } from './passage-sentences.ts';

const literal = (text: string): string[] => passageSentences(text).map(({ start, end }) => text.slice(start, end));

describe('passageSentences', () => {
  it('joins a line that a margin broke, and gives its literal text', () => {
    const text = 'The committee decided on Monday that the old bridge over\nthe river would be closed for repairs. It reopens in May of next year.';
    expect(literal(text)).toEqual([
      'The committee decided on Monday that the old bridge over\nthe river would be closed for repairs.',
      'It reopens in May of next year.',
    ]);
    expect(passageSentences(text)[0]?.text).toBe('The committee decided on Monday that the old bridge over the river would be closed for repairs.');
  });

  it('lets no sentence cross a turn, a heading, a paragraph or an item', () => {
    const text = '# Minutes of Monday\nAda Byron: I think we should take the second of the two options then\nCharles: Why\n\nA paragraph of its own, without a stop\n- an item of a list, rather long';
    expect(literal(text)).toEqual([
      '# Minutes of Monday',
      'Ada Byron: I think we should take the second of the two options then',
      'Charles: Why',
      'A paragraph of its own, without a stop',
      '- an item of a list, rather long',
    ]);
  });

  it('cuts speech without punctuation into pieces that can be read', () => {
    const text = 'and so we went on '.repeat(100);
    const parts = literal(text);
    expect(parts.length).toBeGreaterThan(2);
    expect(Math.max(...parts.map((part) => part.length))).toBeLessThanOrEqual(500);
    expect(parts.join(' ')).toBe(text.trim());
  });

  it('never splits a pair of surrogates', () => {
    for (const part of literal('😀'.repeat(700))) expect(part.isWellFormed()).toBe(true);
  });

  it('gives spans in order, without overlap, that hold all that is not white space', () => {
    const piece = fc.constantFrom('Mr. Smith', ' ', '\n', '\n\n', '. ', 'word ', 'Ada: ', '。', '-', '#', 'x'.repeat(60), '\r\n', '1) ');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join('');
        let end = 0;
        for (const sentence of passageSentences(text)) {
          expect(text.slice(end, sentence.start).trim()).toBe('');
          expect(sentence.end).toBeGreaterThan(sentence.start);
          expect(sentence.text).toBe(text.slice(sentence.start, sentence.end).replaceAll(/\s+/g, ' '));
          end = sentence.end;
        }
        expect(text.slice(end).trim()).toBe('');
      }),
    );
  });
});

describe('speakerAt', () => {
  const text = 'and that was all.\nAda Byron: I disagree. Entirely so.\nCharles: Why?';

  it.each([
    ['and that', undefined],
    ['I disagree', 'Ada Byron'],
    ['Entirely', 'Ada Byron'],
    ['Why', 'Charles'],
  ])('at %j it is %s', (part, speaker) => {
    expect(speakerAt(text, text.indexOf(part))).toBe(speaker);
  });

  it("is the passage's own where no line says another", () => {
    expect(speakerAt('and so on. And on.', 11, 'Ada')).toBe('Ada');
    expect(speakerAt(text, 0, 'Grace')).toBe('Grace');
  });

  it('is nobody in text that is no transcript', () => {
    const prose = 'It began so.\nNote: nothing here was said by anybody.\nIt went on.\nIt ended.';
    expect(speakerAt(prose, prose.indexOf('nothing'))).toBeUndefined();
  });
});
