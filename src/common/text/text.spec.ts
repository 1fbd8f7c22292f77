import fc from 'fast-check';
import { analysePassage } from './analysis.ts';
import { capitalisedRuns, isNameLike, longestMatches, titleNames } from './names.ts';
import { porterStem } from './porter.ts';
import { sentences } from './sentences.ts';
import { terms } from './terms.ts';
import { normalForm, words } from './words.ts';

describe('words', () => {
  it('drops marks, case, apostrophes and a final s', () => {
    expect(words("Zürich's O'Brien ﬁnds Ｘ１").map((word) => word.norm)).toEqual(['zurich', 'obrien', 'finds', 'x1']);
  });

  it('keeps what stands between', () => {
    expect(words('J. S. Bach, organist').map((word) => word.gap)).toEqual(['', '. ', '. ', ', ']);
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const list = words(text);
        expect(normalForm(text)).toBe(list.map((word) => word.norm).join(' '));
      }),
    );
  });
});

describe('words up to a limit', () => {
  it('are the first of all, in scripts without spaces too', () => {
    for (const text of ["One of Zürich's words", '我在北京大学学习历史']) {
      for (const limit of [0, 1, 3]) expect(words(text, limit)).toEqual(words(text).slice(0, limit));
    }
  });
});

describe('porterStem', () => {
  it('takes a y after a consonant for a vowel, in a word of any length', () => {
    expect(porterStem('y'.repeat(99_999))).toBe(`${'y'.repeat(99_998)}i`);
  });

  // Examples of Porter's paper, section 2.
  it.each([
    ['caresses', 'caress'], ['ponies', 'poni'], ['cats', 'cat'], ['agreed', 'agre'], ['plastered', 'plaster'], ['motoring', 'motor'],
    ['sing', 'sing'], ['conflated', 'conflat'], ['hopping', 'hop'], ['falling', 'fall'], ['filing', 'file'], ['happy', 'happi'],
    ['sky', 'sky'], ['relational', 'relat'], ['conditional', 'condit'], ['vietnamization', 'vietnam'], ['triplicate', 'triplic'],
    ['hopefulness', 'hope'], ['goodness', 'good'], ['revival', 'reviv'], ['adoption', 'adopt'], ['probate', 'probat'], ['rate', 'rate'],
    ['controll', 'control'], ['roll', 'roll'],
  ])('%s becomes %s', (word, stem) => {
    expect(porterStem(word)).toBe(stem);
  });
});

describe('terms', () => {
  it('leaves stop words out and keeps repeats', () => {
    expect(terms('The bank of the banks was banking')).toEqual(['bank', 'bank', 'bank']);
  });
});

describe('sentences', () => {
  const split = (text: string): string[] => sentences(text).map((sentence) => sentence.text);

  it('splits after full stops but not after abbreviations and initials', () => {
    expect(split('He met Dr. Jones in St. Albans. They spoke at length! Was it J. S. Bach? Surely it was him.')).toEqual([
      'He met Dr. Jones in St. Albans.', 'They spoke at length!', 'Was it J. S. Bach?', 'Surely it was him.',
    ]);
  });

  it('joins short pieces with the next, and a short rest with the last', () => {
    expect(split('Yes. It was a long and winding road. Ok.')).toEqual(['Yes. It was a long and winding road. Ok.']);
  });

  it('splits Chinese and Japanese without white space', () => {
    expect(split('这是第一句话，它说得足够长，可以单独成句。这是第二句话，它也说得足够长了。')).toHaveLength(2);
  });

  it('gives spans in order that lie in the text, without overlap, around all that is not white space', () => {
    const piece = fc.constantFrom('Anna', ' ', '. ', '!\n', '\n\n', 'Mr.', 'a long enough sentence', '。', '😀', '\t');
    fc.assert(
      fc.property(fc.array(piece).map((list) => list.join('')), (text) => {
        let end = 0;
        for (const sentence of sentences(text)) {
          expect(sentence.start).toBeGreaterThanOrEqual(end);
          expect(text.slice(end, sentence.start).trim()).toBe('');
          expect(text.slice(sentence.start, sentence.end).replace(/\s+/g, '')).toBe(sentence.text.replace(/\s+/g, ''));
          end = sentence.end;
        }
        expect(text.slice(end).trim()).toBe('');
      }),
    );
  });
});

describe('names', () => {
  it('reads the names of a title', () => {
    expect(titleNames('Lambert Smith, Margrave of Tuscany (died 1014)')).toEqual([
      'lambert smith margrave of tuscany died 1014', 'lambert smith margrave of tuscany', 'lambert smith',
    ]);
    expect(titleNames('The')).toEqual([]);
    expect(titleNames('')).toEqual([]);
  });

  it('reads the document and the last heading out of a path', () => {
    expect(titleNames('User Guide > Install > 2.1 Linux (Debian)')).toEqual(['user guide install 2 1 linux debian', 'user guide', 'linux debian', 'linux']);
    expect(titleNames('Guide > 2026-05-03')).toEqual(['guide 2026 05 03', 'guide', '2026 05 03']);
  });

  it.each([
    ['He saw the Duke of the Franks there.', ['duke of the franks']],
    ['The Beatles played.', ['beatles', 'the beatles']],
    ['Music by J. S. Bach, Mozart and Haydn.', ['music', 'j s bach', 'mozart and haydn', 'mozart', 'haydn']],
    ['In Apollo 11 they flew.', ['apollo 11']],
    ['nothing here is a name', []],
  ])('finds the runs of %j', (text, runs) => {
    expect(capitalisedRuns(words(text))).toEqual(runs);
  });

  it('takes months and nationalities alone for no names', () => {
    expect(['may', 'french', 'french may', 'ab', 'monday morning'].map(isNameLike)).toEqual([false, false, false, false, true]);
  });

  it('matches the longest name first and goes on behind it', () => {
    const known = new Set(['new york', 'new york city', 'city hall', 'hall']);
    const found = longestMatches(words('in New York City Hall'), (name) => known.has(name));
    expect(found).toEqual([{ name: 'new york city', start: 1, end: 4 }, { name: 'hall', start: 4, end: 5 }]);
  });

  it('matches the same when it is told the lengths of names', () => {
    const word = fc.constantFrom('a', 'b', 'c');
    fc.assert(
      fc.property(fc.array(word), fc.array(fc.array(word, { minLength: 1, maxLength: 3 })), (text, names) => {
        const known = new Set(names.map((name) => name.join(' ')));
        const lengths = (first: string): number =>
          names.filter((name) => name[0] === first).reduce((bits, name) => bits | (1 << (name.length - 1)), 0);
        const accept = (name: string): boolean => known.has(name);
        const list = words(text.join(' '));
        expect(longestMatches(list, accept, lengths)).toEqual(longestMatches(list, accept));
      }),
    );
  });
});

describe('analysePassage', () => {
  it('lets no sentence cross a block', () => {
    const text = 'Anna Berger\nKarl Lindt spoke of the weather.';
    expect(analysePassage('', text, []).runs).toContain('anna berger karl lindt');
    expect(analysePassage('', text, [0, 12]).runs).toEqual(['anna berger', 'karl lindt']);
  });

  it('stems sentences apart', () => {
    expect(analysePassage('Rivers', 'Boats sailed far away. Ships were sailing too.', [])).toMatchObject({
      titleTerms: ['river'],
      sentenceTerms: [['boat', 'sail', 'far', 'awai'], ['ship', 'sail', 'too']],
      titleNames: ['rivers'],
    });
  });
});
