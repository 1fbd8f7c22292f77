import { skeleton } from './name-forms.ts';
import type { Known, Pair } from './resolution.types.ts';

/** A word that more names have says too little to bring two of them together. */
const RARE = 30;
/** So many others are looked at for each entity at most. */
const MOST = 30;

/** Names by what they could be known by to another: blocks, as record linkage calls them. Nobody is compared outside of them. */
function blocksOf({ form, aliasForms }: Known): string[] {
  const acronym = form.isAcronym ? [`i ${form.key}`] : form.initials === undefined ? [] : [`i ${form.initials}`];
  return [
    ...[form, ...aliasForms].map(({ key }) => `k ${key}`),
    ...acronym,
    `s ${skeleton(form)}`,
    ...new Set(form.words.filter((word) => word.length > 2).map((word) => `w ${word}`)),
  ];
}

/** Pairs, each once, and no more than so many of each entity. */
class PairCollector {
  readonly pairs: Pair[] = [];
  readonly #seen = new Set<string>();
  readonly #counts = new Map<number, number>();

  /** Every two of them; places in rising order. */
  add(places: readonly number[]): void {
    for (const [i, first] of places.entries()) for (const second of places.slice(i + 1)) this.#add({ first, second });
  }

  #add(pair: Pair): void {
    const key = `${String(pair.first)} ${String(pair.second)}`;
    if (this.#seen.has(key) || this.#isFull(pair.first) || this.#isFull(pair.second)) return;
    this.#seen.add(key);
    for (const place of [pair.first, pair.second]) this.#counts.set(place, (this.#counts.get(place) ?? 0) + 1);
    this.pairs.push(pair);
  }

  #isFull(place: number): boolean {
    return (this.#counts.get(place) ?? 0) >= MOST;
  }
}

/**
 * Pairs worth looking at, each once: those that share a block of not too many, of each entity those in the smallest blocks. So their
 * number grows with that of the entities, not with its square.
 */
export function candidatePairs(entities: readonly Known[]): Pair[] {
  const blocks = new Map<string, number[]>();
  for (const [place, entity] of entities.entries()) {
    for (const block of new Set(blocksOf(entity))) {
      const members = blocks.get(block) ?? [];
      blocks.set(block, members);
      members.push(place);
    }
  }
  const collector = new PairCollector();
  const small = [...blocks.values()].filter(({ length }) => length > 1 && length <= RARE);
  for (const members of small.toSorted((a, b) => a.length - b.length)) collector.add(members);
  return collector.pairs;
}
