import type { NameForm } from './name-forms.ts';
import type { Finding, Known, Pair, ResolutionLayer } from './resolution.types.ts';
import { jaroWinkler } from './string-similarity.ts';
import type { Agreement, Surroundings } from './surroundings.ts';

/** From this share of what stands beside them on, two entities are taken to be in the same place. */
const AGREES = 0.1;
/** In so many of an acronym's passages its long form has to stand too. */
const EXPLAINED = 0.3;
/** Spelled so alike, and of so many letters at least, two names are one if their surroundings agree. */
const ALIKE = 0.94;
const ALIKE_LETTERS = 8;
/** Below this two names have nothing to do with each other, unless a rule says so. */
const OPEN_LETTERS = 0.9;
const OPEN_VECTORS = 0.7;
const OTHER = 'other';

type Opinion = Omit<Finding, keyof Pair> | undefined;

/** How near the vectors of two entities' names are, 0 to 1. */
export type VectorSimilarity = (pair: Pair) => number;

/** What pairs of entities are judged by. */
export interface Evidence {
  readonly entities: readonly Known[];
  readonly surroundings: Surroundings;
  readonly vectors: VectorSimilarity;
  /** In how many senses documents use a name, by its compared form. */
  readonly senses: ReadonlyMap<string, number>;
}

/** Whether two entities are one, as far as rules can say; nothing where they are two. */
export function judge(pair: Pair, { entities, surroundings, vectors, senses }: Evidence): Finding | undefined {
  const [a, b] = [entities[pair.first], entities[pair.second]];
  if (a === undefined || b === undefined || !compatible(a, b)) return undefined;
  const agreement = surroundings.agreement(pair.first, pair.second);
  const opinion = ofSenses(a, b, { agreement, senses }) ?? ofRules(a, b, agreement) ?? ofSpelling(a, b, { agreement, near: () => vectors(pair) });
  return opinion === undefined ? undefined : { ...pair, ...opinion };
}

/** What is no kind of its own may be of any. */
export function typesAgree(one: string, other: string): boolean {
  return one === other || one === OTHER || other === OTHER;
}

function compatible(a: Known, b: Known): boolean {
  if (!typesAgree(a.type, b.type) || a.type === 'date' || b.type === 'date') return false;
  if (differ(a.sense, b.sense) || differ(a.form.sex, b.form.sex)) return false;
  return a.form.telling === b.form.telling || isAcronymOf(a, b);
}

/** What is not told differs from nothing. */
function differ(one: string | undefined, other: string | undefined): boolean {
  return Boolean(one) && Boolean(other) && one !== other;
}

function isAcronymOf({ form: a }: Known, { form: b }: Known): boolean {
  return (a.isAcronym && a.key === b.initials) || (b.isAcronym && b.key === a.initials);
}

/** Where a name has several senses, what has none told may be of any: of that which it stands beside. */
function ofSenses(a: Known, b: Known, { agreement, senses }: { readonly agreement: Agreement; readonly senses: ReadonlyMap<string, number> }): Opinion {
  if (a.form.key !== b.form.key || a.sense === b.sense || (senses.get(a.form.key) ?? 0) < 2) return undefined;
  return { ...certain('name', agrees(agreement)), similarity: (Number(agreement.together) + agreement.overlap) / 2 };
}

type Rule = (a: Known, b: Known, agreement: Agreement) => Opinion;

/** The first that says anything decides. */
const RULES: readonly Rule[] = [
  (a, b, agreement) => (a.form.key === b.form.key ? certain('name', isFull(a, b) ? !agreement.disagree : agrees(agreement) && !isAmbiguous(a, b)) : undefined),
  (a, b, { disagree }) => (isAliasOf(a, b) || isAliasOf(b, a) ? certain('alias', !disagree) : undefined),
  (a, b, agreement) => (isAcronymOf(a, b) ? acronym(a, b, agreement) : undefined),
  (a, b, { disagree, together }) => (sameWords(a.form, b.form) ? certain('similar', isTurned(a, b) && !disagree && !together) : undefined),
  (a, b, agreement) => (initialsFit(a.form.words, b.form.words) ? { ...certain('similar', agrees(agreement) && !agreement.together), similarity: 0.95 } : undefined),
];

function ofRules(a: Known, b: Known, agreement: Agreement): Opinion {
  for (const rule of RULES) {
    const opinion = rule(a, b, agreement);
    if (opinion !== undefined) return opinion;
  }
  return undefined;
}

function certain(layer: ResolutionLayer, isSame: boolean): NonNullable<Opinion> {
  return { verdict: isSame ? 'same' : 'open', layer, similarity: 1 };
}

/** Who uses an acronym says what it stands for, at least in some of the passages. */
function acronym(a: Known, b: Known, { overlap }: Agreement): NonNullable<Opinion> {
  const [short, long] = a.form.isAcronym ? [a, b] : [b, a];
  const there = new Set(long.passages);
  const explained = short.passages.filter((passage) => there.has(passage)).length / Math.max(1, short.passages.length);
  return { ...certain('acronym', explained >= EXPLAINED), similarity: (explained + overlap) / 2 };
}

function agrees({ together, overlap }: Agreement): boolean {
  return together || overlap >= AGREES;
}

/** A word alone may mean another thing with an article before it ("the Queen", "Queen"). */
function isFull(a: Known, b: Known): boolean {
  return a.form.words.length > 1 || (a.norm === b.norm && !isAmbiguous(a, b));
}

/** A word alone as the name of a work ("Madonna") or of a person ("Martin") stands beside what it means otherwise. */
function isAmbiguous(a: Known, b: Known): boolean {
  return a.form.words.length === 1 && [a.type, b.type].some((type) => type === 'work' || type === 'person');
}

/** "Kern, Ada" is turned; "Henry John" and "John Henry" are two. */
function isTurned(a: Known, b: Known): boolean {
  return [a, b].some(({ name }) => /[,/]/.test(name));
}

function isAliasOf({ aliasForms }: Known, { form }: Known): boolean {
  return aliasForms.some(({ key }) => key === form.key);
}

function sameWords({ words: a }: NameForm, { words: b }: NameForm): boolean {
  return a.length === b.length && a.toSorted().join(' ') === b.toSorted().join(' ');
}

/** "J. Kern" and "Jan Kern": each word is the other's, or its first letter, and at least one is whole. */
function initialsFit(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length || a.length < 2 || a.at(-1) !== b.at(-1)) return false;
  return a.every((word, i) => {
    const other = b[i] ?? '';
    const [short, long] = word.length <= other.length ? [word, other] : [other, word];
    return short === long || (short.length === 1 && long.startsWith(short));
  });
}

function ofSpelling(a: Known, b: Known, { agreement, near }: { readonly agreement: Agreement; readonly near: () => number }): Opinion {
  const similarity = jaroWinkler(a.form.key, b.form.key);
  if (similarity < OPEN_LETTERS) return undefined;
  const vectors = near();
  if (vectors < OPEN_VECTORS) return undefined;
  const isLong = Math.min(a.form.key.length, b.form.key.length) >= ALIKE_LETTERS;
  // Who stand in one passage with names alike are brothers rather than misspelled.
  const isSame = isLong && similarity >= ALIKE && oneWordDiffers(a.form, b.form) && agreement.overlap >= AGREES && !agreement.together;
  return { verdict: isSame ? 'same' : 'open', layer: 'similar', similarity: (similarity + vectors) / 2 };
}

/** Of as many words only one is another, and that begins alike and is spelled nearly so. */
function oneWordDiffers({ words: a }: NameForm, { words: b }: NameForm): boolean {
  if (a.length !== b.length) return false;
  const differing = a.flatMap((word, i) => (word === b[i] ? [] : [[word, b[i] ?? ''] as const]));
  // "Korea" and "Korean", "Ocean" and "Oceans" are two.
  const isDerived = differing.some(([one, other]) => one.startsWith(other) || other.startsWith(one));
  return !isDerived && differing.length === 1 && differing.every(([one, other]) => one.length > 4 && other.length > 4 && Math.abs(one.length - other.length) <= 1 && jaroWinkler(one, other) >= ALIKE);
}
