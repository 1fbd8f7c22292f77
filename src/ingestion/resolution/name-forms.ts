/** Stand before a name and say of whose it is at most the sex. */
const MALE = new Set('mr sir herr monsieur senor signor'.split(' '));
const FEMALE = new Set('mrs ms miss dame frau madame mme mlle senora signora'.split(' '));
const HONORIFICS = new Set([...MALE, ...FEMALE, ...'mx dr prof professor rev reverend hon'.split(' ')]);
/** Stand behind the name of a company. */
const LEGAL_FORMS = new Set('inc incorporated ltd limited llc llp corp corporation plc gmbh ag sa nv bv kg'.split(' '));
/** Have no letter in an acronym. */
const SMALL = new Set('of and the for in on at to de la le du des der die das und et y von van'.split(' '));
/** Part what is alike otherwise: generations, numbers of a series. */
const TELLING = /\d|^(?:[ivx]{2,5}|jr|sr|junior|senior|elder|younger|first|second|third|fourth|fifth|north|south|east|west|northern|southern|eastern|western)$/;
const LETTER = /^\p{L}$/u;
const SHORTEST_ACRONYM = 2;
const LONGEST_ACRONYM = 6;

/** Stand for whoever holds an office or a title, alone or with what it is of. */
const TITLES = new Set(
  'king queen prince princess emperor empress duke duchess archduke archduchess count countess earl lord lady baron baroness marquis marquess margrave landgrave elector viscount sultan shah tsar pope saint st bishop archbishop abbot abbess cardinal president minister chancellor governor captain colonel general admiral major commander judge justice'.split(' '),
);

/** Whether a name is that of an office or a title rather than of somebody: "Queen", "Prince of Wales", "Captain General". */
export function isTitle(norm: string): boolean {
  const words = norm.split(' ').filter((word) => word !== 'the' && word !== 'grand');
  const end = words.findIndex((word) => !TITLES.has(word) && !HONORIFICS.has(word));
  return end < 0 || (end > 0 && (words[end] === 'of' || words[end] === 'consort'));
}

/** What a name is compared by. */
export interface NameForm {
  /** Words of the normalised name without honorifics, legal form and leading article, letters in a row as one word ("u s" is "us"). */
  readonly words: readonly string[];
  readonly key: string;
  /** The words that part names which are alike otherwise, in order. */
  readonly telling: string;
  /** What an honorific says of it. */
  readonly sex: 'male' | 'female' | undefined;
  /** First letters of its words but the small ones; nothing for a single word. */
  readonly initials: string | undefined;
  readonly isAcronym: boolean;
}

/**
 * @param norm the normalised name
 * @param name as it is written, to tell an acronym by its capitals
 */
export function nameForm(norm: string, name = norm): NameForm {
  const all = joined(norm.split(' ').filter(Boolean));
  const words = bare(all);
  const before = all.slice(0, all.length - words.length);
  const content = words.filter((word) => !SMALL.has(word));
  return {
    words,
    key: words.join(' '),
    telling: words.filter((word) => TELLING.test(word)).join(' '),
    sex: sexOf(before),
    // Nobody with a title is known by initials alone.
    initials: isLongForm(content, before) ? content.map((word) => word.slice(0, 1)).join('') : undefined,
    isAcronym: words.length === 1 && isInCapitals(name),
  };
}

function isLongForm(content: readonly string[], before: readonly string[]): boolean {
  return content.filter((word) => word.length > 2).length >= SHORTEST_ACRONYM && !before.some((word) => HONORIFICS.has(word));
}

function sexOf(honorifics: readonly string[]): NameForm['sex'] {
  if (honorifics.some((word) => MALE.has(word))) return 'male';
  return honorifics.some((word) => FEMALE.has(word)) ? 'female' : undefined;
}

function isInCapitals(name: string): boolean {
  const letters = name.replaceAll(/[^\p{L}]/gu, '');
  return letters.length >= SHORTEST_ACRONYM && letters.length <= LONGEST_ACRONYM && letters === letters.toUpperCase() && letters !== letters.toLowerCase();
}

function joined(words: readonly string[]): string[] {
  const out: string[] = [];
  let open = false;
  for (const word of words) {
    const isLetter = LETTER.test(word);
    if (isLetter && open) out.push((out.pop() ?? '') + word);
    else out.push(word);
    open = isLetter;
  }
  return out;
}

function bare(words: readonly string[]): string[] {
  let [from, to] = [0, words.length];
  while (to - from > 1 && (words[from] === 'the' || HONORIFICS.has(words[from] ?? ''))) from += 1;
  while (to - from > 1 && LEGAL_FORMS.has(words[to - 1] ?? '')) to -= 1;
  return words.slice(from, to);
}

/** The letters by which spellings of one name are mostly alike: each word's first, then its consonants, doubled ones once. */
export function skeleton({ words }: NameForm): string {
  return words
    .map((word) => word.slice(0, 1) + word.slice(1).replaceAll(/[aeiouyh]/g, '').replaceAll(/(.)\1+/gu, '$1'))
    .toSorted()
    .join(' ');
}
