import { jaroWinkler } from './string-similarity.ts';

/** What texts say of somebody right behind the name: enough to tell two of one name apart. */
export interface ToldLife {
  /** Years. */
  readonly births: ReadonlySet<number>;
  readonly deaths: ReadonlySet<number>;
  /** Where somebody's title is of, in small letters: "flanders" for a count of Flanders. */
  readonly places: ReadonlySet<string>;
}

/** Letters behind a name that are looked at. */
const BEHIND = 180;
/** Sources of one life may differ by so many years. */
const TOLERANCE = 10;
const LONGEST_LIFE = 120;
/** Places spelled so alike are one. */
const ALIKE = 0.92;

const WORD = String.raw`\p{Lu}[\p{L}'’]*(?:-\s?\p{L}+)*`;
/** ", 3rd Duke of Lennox", " of Ulm": the name of the place up to the first word in small letters. */
const TITLED = new RegExp(String.raw`^,?\s+(?:the\s+)?(?:\d+(?:st|nd|rd|th)\s+)?(?:${WORD}\s+){0,3}of\s+(?:the\s+)?(${WORD}(?:\s+${WORD}){0,3})`, 'u');
const IN_PARENTHESES = /^(?:,[^().;]{0,60})?\s?\(([^()]{3,140})\)/u;
const REIGN = /\b(?:r\.|reign|rul(?:ed|er)|film|album)/i;
const BORN = /\b(?:born|b\.)/i;
const DIED = /\b(?:died|d\.)/i;
const YEAR = /(?<!\d)[1-9]\d{2,3}(?!\d)/g;
const IN_WORD = /[\p{L}\d]/u;
/** A name behind a word with a capital is the end of a longer one. */
const BEHIND_NAME = /\p{Lu}[\p{L}.'’-]*\s$/u;

/**
 * Reads what texts tell behind a name.
 * @param surfaces forms of the name as they stand in the texts
 */
export function toldLife(texts: readonly string[], surfaces: ReadonlySet<string>): ToldLife {
  const told = { births: new Set<number>(), deaths: new Set<number>(), places: new Set<string>() };
  for (const text of texts) {
    for (const surface of surfaces) for (const end of endsOf(surface, text)) read(text.slice(end, end + BEHIND), told);
  }
  return told;
}

/** Whether anything was told. */
export function tellsLife({ births, deaths, places }: ToldLife): boolean {
  return births.size + deaths.size + places.size > 0;
}

/** Whether two lives cannot be one: years of birth or death too far from each other. */
export function livesDiffer(a: ToldLife, b: ToldLife): boolean {
  return areFar(a.births, b.births) || areFar(a.deaths, b.deaths) || isNoLife(a.births, b.deaths) || isNoLife(b.births, a.deaths);
}

/** Whether both tell where somebody's title is of, and never the same. */
export function placesDiffer({ places: a }: ToldLife, { places: b }: ToldLife): boolean {
  return a.size > 0 && b.size > 0 && ![...a].some((place) => [...b].some((other) => isSamePlace(place, other)));
}

export function joinedLives(a: ToldLife, b: ToldLife): ToldLife {
  return { births: a.births.union(b.births), deaths: a.deaths.union(b.deaths), places: a.places.union(b.places) };
}

/** "hesse kassel" and "hesse cassel", "holstein gottorp" and "schleswig holstein gottorp". */
function isSamePlace(a: string, b: string): boolean {
  const [one, other] = [new Set(a.split(' ')), new Set(b.split(' '))];
  return one.isSubsetOf(other) || other.isSubsetOf(one) || jaroWinkler(a, b) >= ALIKE;
}

function areFar(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  return a.size > 0 && b.size > 0 && [...a].every((year) => [...b].every((other) => Math.abs(year - other) > TOLERANCE));
}

function isNoLife(births: ReadonlySet<number>, deaths: ReadonlySet<number>): boolean {
  return births.size > 0 && deaths.size > 0 && [...births].every((birth) => [...deaths].every((death) => death < birth - TOLERANCE || death > birth + LONGEST_LIFE));
}

function* endsOf(surface: string, text: string): Generator<number> {
  if (surface === '') return;
  for (let at = text.indexOf(surface); at >= 0; at = text.indexOf(surface, at + 1)) {
    const end = at + surface.length;
    const isWhole = !IN_WORD.test(text.charAt(at - 1)) && !IN_WORD.test(text.charAt(end));
    if (isWhole && !BEHIND_NAME.test(text.slice(Math.max(0, at - 30), at))) yield end;
  }
}

function read(behind: string, told: { readonly births: Set<number>; readonly deaths: Set<number>; readonly places: Set<string> }): void {
  const place = TITLED.exec(behind)?.[1];
  if (place !== undefined) told.places.add(place.toLowerCase().replaceAll(/[\s-]+/g, ' '));
  const { birth, death } = yearsIn(IN_PARENTHESES.exec(behind)?.[1] ?? '');
  if (birth !== undefined) told.births.add(birth);
  if (death !== undefined) told.deaths.add(death);
}

/** Of "born 2 May 1874", "d. 1095", "1432 – 1492". */
function yearsIn(inside: string): { readonly birth?: number | undefined; readonly death?: number | undefined } {
  if (REIGN.test(inside)) return {};
  const years = Array.from(inside.matchAll(YEAR), ([year]) => Number(year));
  const [first] = years;
  const last = years.length > 1 ? years.at(-1) : undefined;
  if (BORN.test(inside)) return { birth: first, death: last };
  if (DIED.test(inside)) return { death: years.at(-1) };
  return years.length === 2 && /[–—-]/.test(inside) ? { birth: first, death: last } : {};
}
