import { normalForm } from '../../common/text/words.ts';
import { joinedLives, livesDiffer, placesDiffer, tellsLife, type ToldLife } from './told-lives.ts';

/** What one document says of a name. One name means one person within a document (W. A. Gale et al., "One sense per discourse", 1992). */
export interface NamedIn {
  readonly documentId: string;
  readonly externalId: string;
  /** Passages of it that mention the name. */
  readonly passages: number;
  /** What else these passages mention. */
  readonly beside: ReadonlySet<string>;
  readonly life: ToldLife;
  /** Some of it, for a model to read. */
  readonly said: string;
}

/** Documents that mean one person, because of what they share. */
export interface Bearer {
  readonly documents: readonly NamedIn[];
  readonly passages: number;
  readonly beside: ReadonlySet<string>;
  readonly life: ToldLife;
}

/** One person of a name, as far as is known: bearers that are taken for one; the first is known from most passages. */
export type Person = readonly Bearer[];

/** Who bears a name. What is open shares nothing with anybody and tells nothing: it may be any of them, or somebody else. */
export interface Bearers {
  readonly persons: readonly Person[];
  readonly open: readonly Bearer[];
}

/** With fewer neighbours on either side, having none in common means nothing. */
const TELLING_NEIGHBOURS = 3;
const BY_CHANCE = 1;

/**
 * Tells the bearers of a name apart: documents that share what they mention besides, or a year of birth, mean one, unless years of birth or death part them;
 * of those that share nothing two are two persons if their titles are of two places. The order of the documents does not matter.
 */
export function bearersOf(documents: readonly NamedIn[]): Bearers {
  const bearers: Bearer[] = [];
  for (const document of documents.toSorted(byCertainty)) {
    let joined: Bearer = { ...document, documents: [document] };
    for (const other of bearers.filter((each) => nearness(each, joined) > 0).toSorted((a, b) => nearness(b, document) - nearness(a, document))) {
      if (areTwo(other, joined)) continue;
      joined = together(other, joined);
      bearers.splice(bearers.indexOf(other), 1);
    }
    bearers.push(joined);
  }
  return persons(bearers.toSorted((a, b) => b.passages - a.passages || (firstId(a) < firstId(b) ? -1 : 1)));
}

/** Whether two bearers have a good many neighbours and share none. */
export function disagree(a: Bearer, b: Bearer): boolean {
  return isKnown(a) && isKnown(b) && shared(a, b) === 0;
}

/** What tells each of several persons of one name from the others, normalised: "of flanders", "born 1938", "beside ulm". */
export function sensesOfPersons(all: readonly Person[]): string[] {
  const taken = new Set<string>();
  return all.map((person) => {
    const others = all.filter((each) => each !== person).flat();
    const [sense = normalForm(firstId(person[0]))] = labels(person, others).filter((label) => label !== '' && !taken.has(label));
    taken.add(sense);
    return sense;
  });
}

function persons(bearers: readonly Bearer[]): Bearers {
  const found: Bearer[][] = [];
  const open: Bearer[] = [];
  for (const bearer of bearers) {
    const same = found.find((person) => person.every((each) => !areTwo(each, bearer)));
    if (same !== undefined && tellsLife(bearer.life)) same.push(bearer);
    else if (tellsLife(bearer.life)) found.push([bearer]);
    else open.push(bearer);
  }
  return { persons: found, open };
}

/** Who are titled after two places may still share a neighbour by chance. */
function areTwo(a: Bearer, b: Bearer): boolean {
  return livesDiffer(a.life, b.life) || (placesDiffer(a.life, b.life) && isKnown(a) && isKnown(b) && shared(a, b) <= BY_CHANCE);
}

/** Whether a bearer has so many neighbours that sharing none says something. */
export function isKnown({ beside }: Bearer): boolean {
  return beside.size >= TELLING_NEIGHBOURS;
}

/** Documents that tell a life come first: the others then go to who they are nearest to. */
function byCertainty(a: NamedIn, b: NamedIn): number {
  return Number(hasYears(b)) - Number(hasYears(a)) || (a.externalId < b.externalId ? -1 : 1);
}

function hasYears({ life }: NamedIn): boolean {
  return life.births.size + life.deaths.size > 0;
}

/** Neighbours that two share; the same year of birth is as good as one. */
function nearness(a: Pick<Bearer, 'beside' | 'life'>, b: Pick<Bearer, 'beside' | 'life'>): number {
  return shared(a, b) + Number(!a.life.births.isDisjointFrom(b.life.births));
}

function shared(a: Pick<Bearer, 'beside'>, b: Pick<Bearer, 'beside'>): number {
  return a.beside.intersection(b.beside).size;
}

function together(a: Bearer, b: Bearer): Bearer {
  return { documents: [...a.documents, ...b.documents], passages: a.passages + b.passages, beside: a.beside.union(b.beside), life: joinedLives(a.life, b.life) };
}

function firstId(bearer: Bearer | undefined): string {
  return bearer?.documents.map(({ externalId }) => externalId).sort()[0] ?? '';
}

function labels(person: Person, others: readonly Bearer[]): string[] {
  const own = (of: (bearer: Bearer) => ReadonlySet<string | number>): (string | number)[] => {
    const theirs = new Set(others.flatMap((other) => [...of(other)]));
    return [...new Set(person.flatMap((bearer) => [...of(bearer)]))].filter((each) => !theirs.has(each)).sort((a, b) => (a < b ? -1 : 1));
  };
  return [
    ...own(({ life }) => life.places).map((place) => `of ${String(place)}`),
    ...own(({ life }) => life.births).map((year) => `born ${String(year)}`),
    ...own(({ life }) => life.deaths).map((year) => `died ${String(year)}`),
    ...own(({ beside }) => beside).map((name) => `beside ${String(name)}`),
  ].map(normalForm);
}
