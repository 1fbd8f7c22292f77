import { typesAgree } from './judgement.ts';
import type { Finding, Known, Pair } from './resolution.types.ts';
import { LAYERS } from './resolution.types.ts';

/** What rules or a model got wrong must not swallow a graph. */
const LARGEST = 50;
const OTHER = 'other';

interface Cluster {
  readonly members: readonly number[];
  readonly types: ReadonlySet<string>;
  /** At most one, whatever has none told. */
  readonly senses: ReadonlySet<string>;
  /** An acronym stands for one name, that which fits best. */
  readonly hasAcronym: boolean;
}

/** Groups of entities that are one. Two of types that do not agree, or that somebody keeps apart, are never in one group. */
export class Clusters {
  readonly #entities: readonly Known[];
  readonly #apart: (pair: Pair) => boolean;
  readonly #of = new Map<number, Cluster>();

  /**
   * @param entities in an order that decides between equals
   * @param apart whether somebody said that two are two
   */
  constructor(entities: readonly Known[], apart: (pair: Pair) => boolean) {
    this.#entities = entities;
    this.#apart = apart;
  }

  /** Joins what was found to be one, the surest first, and returns what took effect. */
  join(findings: readonly Finding[]): Finding[] {
    return findings.filter(({ verdict }) => verdict === 'same').toSorted((a, b) => this.#compare(a, b)).filter((finding) => this.#join(finding, finding.layer === 'acronym'));
  }

  /** Whether two are in one group already. */
  areOne({ first, second }: Pair): boolean {
    return first === second || (this.#of.has(first) && this.#of.get(first) === this.#of.get(second));
  }

  /** With each entity that is another the one it is: of a group that which most passages mention, of equals one of a type, then the fuller name. */
  representatives(): Map<number, number> {
    const all = new Map<number, number>();
    for (const { members } of new Set(this.#of.values())) {
      const [best] = members.toSorted((a, b) => this.#rank(a, b));
      for (const member of members) if (best !== undefined && member !== best) all.set(member, best);
    }
    return all;
  }

  #join(pair: Pair, byAcronym: boolean): boolean {
    const [one, other] = [this.#clusterOf(pair.first), this.#clusterOf(pair.second)];
    const hasAcronym = one.hasAcronym || other.hasAcronym;
    if ((byAcronym && hasAcronym) || !this.#mayJoin(one, other)) return false;
    const joined = { members: [...one.members, ...other.members], types: one.types.union(other.types), senses: one.senses.union(other.senses), hasAcronym: byAcronym || hasAcronym };
    for (const member of joined.members) this.#of.set(member, joined);
    return true;
  }

  #mayJoin(one: Cluster, other: Cluster): boolean {
    if (one === other || one.members.length + other.members.length > LARGEST) return false;
    const typesFit = [...one.types].every((type) => [...other.types].every((each) => typesAgree(type, each)));
    return typesFit && one.senses.union(other.senses).size < 2 && !one.members.some((first) => other.members.some((second) => this.#apart({ first, second })));
  }

  #clusterOf(place: number): Cluster {
    const known = this.#of.get(place);
    if (known !== undefined) return known;
    const { type = OTHER, sense = '' } = this.#entities[place] ?? {};
    const cluster = { members: [place], types: new Set([type]), senses: new Set(sense === '' ? [] : [sense]), hasAcronym: false };
    this.#of.set(place, cluster);
    return cluster;
  }

  #compare(a: Finding, b: Finding): number {
    return LAYERS.indexOf(a.layer) - LAYERS.indexOf(b.layer) || b.similarity - a.similarity || a.first - b.first || a.second - b.second;
  }

  #rank(a: number, b: number): number {
    const [one, other] = [this.#entities[a], this.#entities[b]];
    if (one === undefined || other === undefined) return 0;
    return other.mentions - one.mentions || Number(one.type === OTHER) - Number(other.type === OTHER) || other.form.key.length - one.form.key.length || a - b;
  }
}
