import type { Known } from './resolution.types.ts';

/** With fewer neighbours on either side, having none in common means nothing. */
const TELLING_NEIGHBOURS = 3;

/** How two entities are placed to each other. */
export interface Agreement {
  /** Whether a passage mentions both. */
  readonly together: boolean;
  /** Weight of the neighbours they share over that of the one who has less, 0 to 1. */
  readonly overlap: number;
  /** Both have a good many neighbours and share none. */
  readonly disagree: boolean;
}

/** What is mentioned beside entities, in the passages that are told of them. A neighbour counts less the more passages mention it. */
export class Surroundings {
  readonly #entities: readonly Known[];
  readonly #inPassage = new Map<number, number[]>();
  readonly #neighbours = new Map<number, Map<string, number>>();

  constructor(entities: readonly Known[]) {
    this.#entities = entities;
    for (const [place, { passages }] of entities.entries()) {
      for (const passage of passages) {
        const there = this.#inPassage.get(passage) ?? [];
        this.#inPassage.set(passage, there);
        there.push(place);
      }
    }
  }

  agreement(first: number, second: number): Agreement {
    const [one, other] = [this.#of(first), this.#of(second)];
    const passages = new Set(this.#entities[first]?.passages);
    const together = this.#entities[second]?.passages.some((passage) => passages.has(passage)) ?? false;
    const shared = weight(one, (key) => other.has(key));
    const less = Math.min(weight(one, (key) => key !== this.#key(second)), weight(other, (key) => key !== this.#key(first)));
    return {
      together,
      overlap: less > 0 ? shared / less : 0,
      disagree: !together && shared === 0 && Math.min(one.size, other.size) >= TELLING_NEIGHBOURS,
    };
  }

  /** The names of what is mentioned beside an entity, the most telling first. */
  names(place: number, limit: number): string[] {
    return [...this.#of(place)]
      .toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .slice(0, limit)
      .map(([key]) => key);
  }

  #key(place: number): string | undefined {
    return this.#entities[place]?.form.key;
  }

  #of(place: number): ReadonlyMap<string, number> {
    const known = this.#neighbours.get(place);
    if (known !== undefined) return known;
    const beside = (this.#entities[place]?.passages ?? []).flatMap((passage) => this.#inPassage.get(passage) ?? []);
    const others = beside.flatMap((each) => this.#entities[each] ?? []).filter(({ form }) => form.key !== this.#key(place));
    const found = new Map(others.map(({ form, mentions }) => [form.key, 1 / Math.log2(1 + mentions)]));
    this.#neighbours.set(place, found);
    return found;
  }
}

function weight(neighbours: ReadonlyMap<string, number>, counts: (key: string) => boolean): number {
  let sum = 0;
  for (const [key, each] of neighbours) if (counts(key)) sum += each;
  return sum;
}
