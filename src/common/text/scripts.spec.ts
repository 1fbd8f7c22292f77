import fc from 'fast-check';
import { analysePassage } from './analysis.ts';
import { caselessGrams } from './grams.ts';
import { mentionsIn, packSentence } from './mentions.ts';
import { hasMark, longestMatches } from './names.ts';
import { words } from './words.ts';

const norms = (text: string): string[] => words(text).map((word) => word.norm);

describe('words of scripts without spaces', () => {
  it.each([
    ['北京大学', ['北京', '京大', '大学']],
    ['在Tokyo工作3年', ['在', 'tokyo', '工作', '3', '年']],
    ['東京タワー', ['東京', '京タ', 'タワ', 'ワー']],
    ['กรุงเทพ', ['กรุง', 'รุงเ', 'งเท', 'เทพ']],
    ['水', ['水']],
  ])('cuts %s into overlapping pieces', (text, expected) => {
    expect(norms(text)).toEqual(expected);
  });

  it('cuts what is asked as what was indexed', () => {
    const han = fc.array(fc.constantFrom('北', '京', '大', '学', '生', '人', '中', '国'), { minLength: 2, maxLength: 8 }).map((list) => list.join(''));
    fc.assert(
      fc.property(han, han, han, (before, name, after) => {
        const text = ` ${norms(before + name + after).join(' ')} `;
        expect(text).toContain(` ${norms(name).join(' ')} `);
      }),
    );
  });
});

describe('words of scripts whose vowels are marks', () => {
  it.each([
    ['हिन्दी में', ['हिन्दी', 'में']],
    ['한국어', ['한국어']],
    ['ガラス', ['ガラ', 'ラス']],
    ['كِتَاب', ['كتاب']],
    ['Николай', ['николаи']],
  ])('keeps %s whole', (text, expected) => {
    expect(norms(text)).toEqual(expected);
  });
});

describe('caselessGrams', () => {
  const grams = (text: string): string[] => caselessGrams([words(text)]).map((gram) => gram.norm);

  it('gives n-grams within punctuation, none that starts or ends in a short word', () => {
    expect(grams('يسكن محمد في القاهرة، مصر').sort()).toEqual(['القاهرة', 'محمد', 'مصر', 'يسكن', 'يسكن محمد'].sort());
    expect(grams('我在北京')).toEqual(expect.arrayContaining(['在北', '北京', '在北 北京']));
    expect(grams('Anna lives in Oslo.')).toEqual([]);
  });

  it('keeps a bounded number, whatever the text, and does not depend on the order of sentences', () => {
    const sentence = fc.array(fc.constantFrom('בית', 'ספר', 'גדול', 'של', 'ירושלים'), { maxLength: 80 }).map((list) => words(list.join(' ')));
    fc.assert(
      fc.property(sentence, sentence, (a, b) => {
        const [one, other] = [caselessGrams([a, b]), caselessGrams([b, a])].map((list) => list.map((gram) => gram.norm));
        expect(one).toEqual(other);
        expect(one?.length).toBeLessThanOrEqual(64);
      }),
    );
  });

  it('tells the sentences they stand in', () => {
    const { grams: found } = analysePassage('', 'אנה גרה בירושלים כבר שנים רבות.\nהיא אוהבת את ירושלים מאוד מאוד.', []);
    expect(found.find((gram) => gram.norm === 'ירושלים')?.sentences).toEqual([1]);
  });
});

describe('mentionsIn', () => {
  it('finds the same as longestMatches with a mark asked for', () => {
    const word = fc.constantFrom('a', 'B', 'c', 'D', '7');
    fc.assert(
      fc.property(fc.array(word), fc.array(fc.array(word, { minLength: 1, maxLength: 3 })), (text, names) => {
        const known = new Set(names.map((name) => name.join(' ').toLowerCase()));
        const list = words(text.join(' '));
        const accept = (name: string, start: number, end: number): boolean => known.has(name) && hasMark(list, start, end);
        const found = mentionsIn(packSentence(list), { lengths: () => -1, has: (name) => known.has(name) });
        expect(found).toEqual(longestMatches(list, accept).map((match) => match.name));
      }),
    );
  });
});
