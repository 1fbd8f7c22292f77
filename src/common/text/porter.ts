/**
 * The Porter stemmer: M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980. In steps 2 to 4 the first suffix of
 * the list that fits decides, whether or not its condition holds.
 */

const pairs = (list: string): [suffix: string, replacement: string][] =>
  list.split(/\s+/).map((entry) => {
    const [suffix = '', replacement = ''] = entry.split(':');
    return [suffix, replacement];
  });

const STEP_2 = pairs(`ational:ate tional:tion enci:ence anci:ance izer:ize abli:able alli:al entli:ent eli:e ousli:ous ization:ize
ation:ate ator:ate alism:al iveness:ive fulness:ful ousness:ous aliti:al iviti:ive biliti:ble`);
const STEP_3 = pairs('icate:ic ative: alize:al iciti:ic ical:ic ful: ness:');
const STEP_4 = 'ement ance ence able ible ment ant ent ism ate iti ous ive ize ion al er ic ou'.split(' ');

/** Consonants and vowels: `toy` is CVC, `sky` is CCV (a y after a consonant is a vowel). */
function shape(word: string): string {
  let out = '';
  // What was last is kept beside the string: to look at the end of one in the making copies it, which a long word would pay each letter.
  let afterConsonant = false;
  for (const letter of word) {
    const vowel: boolean = 'aeiou'.includes(letter) || (letter === 'y' && afterConsonant);
    out += vowel ? 'V' : 'C';
    afterConsonant = !vowel;
  }
  return out;
}

function measure(word: string): number {
  return shape(word).split('VC').length - 1;
}

function hasVowel(word: string): boolean {
  return shape(word).includes('V');
}

function endsInShortSyllable(word: string): boolean {
  return shape(word).endsWith('CVC') && !/[wxy]$/.test(word);
}

function plural(word: string): string {
  if (word.endsWith('sses') || word.endsWith('ies')) return word.slice(0, -2);
  return word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
}

function endsInDouble(word: string): boolean {
  return word.length > 1 && word.at(-1) === word.at(-2) && shape(word).endsWith('C');
}

function afterCut(word: string): string {
  if (/(?:at|bl|iz)$/.test(word)) return `${word}e`;
  if (endsInDouble(word)) return /[lsz]$/.test(word) ? word : word.slice(0, -1);
  return measure(word) === 1 && endsInShortSyllable(word) ? `${word}e` : word;
}

function pastAndGerund(word: string): string {
  if (word.endsWith('eed')) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  if (word.endsWith('ed') && hasVowel(word.slice(0, -2))) return afterCut(word.slice(0, -2));
  if (word.endsWith('ing') && hasVowel(word.slice(0, -3))) return afterCut(word.slice(0, -3));
  return word;
}

function finalY(word: string): string {
  return word.endsWith('y') && hasVowel(word.slice(0, -1)) ? `${word.slice(0, -1)}i` : word;
}

function replaceSuffix(word: string, list: readonly (readonly [string, string])[]): string {
  const fitting = list.find(([suffix]) => word.endsWith(suffix));
  if (fitting === undefined) return word;
  const stem = word.slice(0, word.length - fitting[0].length);
  return measure(stem) > 0 ? stem + fitting[1] : word;
}

function dropSuffix(word: string): string {
  const suffix = STEP_4.find((candidate) => word.endsWith(candidate));
  if (suffix === undefined) return word;
  const stem = word.slice(0, word.length - suffix.length);
  const allowed = suffix !== 'ion' || stem.endsWith('s') || stem.endsWith('t');
  return allowed && measure(stem) > 1 ? stem : word;
}

function finalE(word: string): string {
  if (!word.endsWith('e')) return word;
  const stem = word.slice(0, -1);
  const m = measure(stem);
  return m > 1 || (m === 1 && !endsInShortSyllable(stem)) ? stem : word;
}

function doubleL(word: string): string {
  return word.endsWith('ll') && measure(word) > 1 ? word.slice(0, -1) : word;
}

function computeStem(word: string): string {
  if (word.length < 3) return word;
  const step1 = finalY(pastAndGerund(plural(word)));
  const step4 = dropSuffix(replaceSuffix(replaceSuffix(step1, STEP_2), STEP_3));
  return doubleL(finalE(step4));
}

const MEMO_LIMIT = 50_000;
/** Longer ones are no words of a language, and would fill the memory. */
const MEMO_LETTERS = 64;
const memo = new Map<string, string>();

/** The stem of a lower-case word. */
export function porterStem(word: string): string {
  if (word.length > MEMO_LETTERS) return computeStem(word);
  const known = memo.get(word);
  if (known !== undefined) return known;
  const stem = computeStem(word);
  if (memo.size >= MEMO_LIMIT) memo.clear();
  memo.set(word, stem);
  return stem;
}
