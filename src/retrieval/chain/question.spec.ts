import { analyseQuestion, withoutNames } from './question.ts';

const stemsLeft = (text: string, names: readonly string[]): string[] => {
  const question = analyseQuestion(text, 100);
  return withoutNames(question, names).map((place) => question.stems[place] ?? '');
};

describe('the order of a question', () => {
  it('repeats what the question repeats, and pairs what follows each other, each pair once', () => {
    const { stems, order, pairs } = analyseQuestion('old bridges of the old bridges, new bridge', 100);
    expect(stems).toEqual(['old', 'bridg', 'new']);
    expect(order).toEqual([0, 1, 0, 1, 2, 1]);
    expect(pairs).toEqual([[0, 1], [1, 0], [1, 2], [2, 1]]);
  });

  it('is empty where there are stop words only', () => {
    expect(analyseQuestion('Who is the', 100)).toMatchObject({ stems: [], order: [], pairs: [] });
    expect(analyseQuestion('bridge', 100)).toMatchObject({ order: [0], pairs: [] });
  });
});

describe('withoutNames', () => {
  it('takes the words of a name away as often as it is named', () => {
    expect(stemsLeft('Did Oslo grow faster than Oslo?', ['oslo'])).toEqual(['grow', 'faster', 'oslo']);
    expect(stemsLeft('Did Oslo grow faster than Oslo?', ['oslo', 'oslo'])).toEqual(['grow', 'faster']);
  });

  it('takes words in whatever form, and leaves all that is in no name', () => {
    expect(stemsLeft('Who built the Old Bridges of Ulm?', ['old bridges of ulm'])).toEqual(['built']);
    expect(stemsLeft('Who built it?', [])).toEqual(['built']);
    expect(stemsLeft('Ulm', ['ulm', 'linz'])).toEqual([]);
  });
});
