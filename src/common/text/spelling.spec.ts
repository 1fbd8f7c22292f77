import { asWritten } from './spelling.ts';

describe('asWritten', () => {
  it.each([
    ['ada kern', ['She met Ada Kern’s sister.'], 'Ada Kern'],
    ['obrien', ["It was O'Brien who did it."], "O'Brien"],
    ['zurich', ['In Zürich it rains.'], 'Zurich'],
    ['mr smith', ['There came Mr.\nSmith.'], 'Mr. Smith'],
    ['the who', ['those of the who', 'A band, The Who.'], 'The Who'],
    ['iphone', ['an iphone'], 'iphone'],
    ['ada kern', ['Ada', 'Kern Ada'], 'ada kern'],
    ['ada kern', [], 'ada kern'],
  ])('%s in %j is %s', (name, texts, written) => {
    expect(asWritten(name, texts)).toBe(written);
  });
});
