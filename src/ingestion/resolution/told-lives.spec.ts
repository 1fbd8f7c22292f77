import fc from 'fast-check';
import { livesDiffer, placesDiffer, tellsLife, toldLife } from './told-lives.ts';

function told(text: string, surface = 'Jan Kern'): string {
  const { births, deaths, places } = toldLife([text], new Set([surface]));
  return [[...births].join(), [...deaths].join(), [...places].join()].join('|');
}

describe('toldLife', () => {
  it.each([
    ['Jan Kern (born 2 May 1874) painted.', '1874||'],
    ['Jan Kern( born Johann Kern; 2 May 1874 – 11 November 1948) painted.', '1874|1948|'],
    ['Jan Kern (1432–1492) painted.', '1432|1492|'],
    ['Jan Kern (c. 1265 – March 18, 1308) ruled.', '1265|1308|'],
    ['Jan Kern( died 1226) ruled.', '|1226|'],
    ['the son of Jan Kern, 3rd Duke of Upper Ulm (d. circa 1095).', '|1095|upper ulm'],
    ['by marriage to Jan Kern, Landgrave of Hesse-Kassel. She was kind.', '||hesse kassel'],
    ['Jan Kern of Ulm came.', '||ulm'],
    // No life: a film, a reign, one year alone, a longer name, a part of a word.
    ['Jan Kern (film, 1925 – 1926) was shown.', '||'],
    ['Jan Kern (reigned 1400–1420) ruled.', '||'],
    ['Jan Kern (1961) says so.', '||'],
    ['Old Jan Kern (born 1874) and Jan Kerner (born 1900) painted.', '||'],
    ['Jan Kern thought of Ulm.', '||'],
  ])('reads %p', (text, expected) => {
    expect(told(text)).toBe(expected);
  });

  it('reads any text in time that does not explode, and finds nothing beside no name', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('A', 'a', ' ', '(', ')', ',', '-', 'of ', '18', '1874', 'Jan Kern') }), (text) => {
      const life = toldLife([text], new Set(['Jan Kern', '']));
      if (!text.includes('Jan Kern')) expect(tellsLife(life)).toBe(false);
    }));
    const hostile = `Jan Kern, ${'A-a'.repeat(50_000)} of ${'B '.repeat(50_000)}(${'born '.repeat(50_000)}`;
    expect(told(hostile)).toBe('||');
  });
});

describe('lives', () => {
  const life = (births: number[], deaths: number[] = [], places: string[] = []): Parameters<typeof livesDiffer>[0] => ({ births: new Set(births), deaths: new Set(deaths), places: new Set(places) });

  it.each([
    [life([1874]), life([1950]), true],
    [life([1874]), life([1880]), false],
    [life([1874, 1950]), life([1951]), false],
    [life([], [1226]), life([], [1300]), true],
    [life([1874]), life([], [1948]), false],
    [life([1874]), life([], [1563]), true],
    [life([1874]), life([], [2010]), true],
    [life([1874]), life([]), false],
  ])('of which years tell that they are two: %#', (a, b, expected) => {
    expect([livesDiffer(a, b), livesDiffer(b, a)]).toEqual([expected, expected]);
  });

  it.each([
    [['flanders'], ['hainaut'], true],
    [['flanders', 'hainaut'], ['hainaut'], false],
    [['hesse kassel'], ['hesse cassel'], false],
    [['holstein gottorp'], ['schleswig holstein gottorp'], false],
    [['hesse kassel'], ['hesse homburg'], true],
    [['flanders'], [], false],
  ])('of the places %p and %p', (a, b, expected) => {
    expect(placesDiffer(life([], [], a), life([], [], b))).toBe(expected);
  });
});
