import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock/clock.port.ts';
import { NameVectors } from '../../embedding/name-vectors.service.ts';
import type { StoredEntity } from '../../graph/stored-entities.port.ts';
import { Pacer } from '../pipeline/pacer.ts';
import { candidatePairs } from './candidates.ts';
import { Clusters } from './clusters.ts';
import { type Evidence, judge, type VectorSimilarity } from './judgement.ts';
import { nameForm } from './name-forms.ts';
import { type Judged } from './model-judge.service.ts';
import { pairQuestion } from './pair-exchange.ts';
import type { Finding, Known, Pair, Resolved } from './resolution.types.ts';
import { Surroundings } from './surroundings.ts';

/** What a resolution works with beside the entities. */
export interface ResolverContext {
  readonly workspaceUid: string;
  readonly signal?: AbortSignal | undefined;
  /** Ids of two entities, in any order: whether somebody said that they are two. */
  readonly apart: (first: string, second: string) => boolean;
  /** Told how many of how many pairs are judged. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Asks the model about pairs that rules leave open, the likeliest first; left out, they stay two. */
  readonly ask?: ((questions: readonly Readonly<Record<string, unknown>>[]) => Promise<Judged>) | undefined;
}

/** What was found out. */
export interface Resolution {
  readonly merges: readonly Resolved[];
  /** Pairs that were looked at, and those that neither rules nor the model settled. */
  readonly pairs: number;
  readonly open: number;
  readonly modelCalls: number;
}

/** Pairs a model is asked about in one run at most. */
const ASKED = 2000;

/**
 * Finds entities that are one under several names: by normalised name, by aliases and acronyms, by letters and vectors of names that are
 * nearly alike, and last by the model. What stands beside two entities decides with all of them, so that namesakes stay two. What is found
 * depends only on the entities, not on the order in which they came.
 */
@Injectable()
export class EntityResolver {
  constructor(
    private readonly nameVectors: NameVectors,
    private readonly clock: Clock,
  ) {}

  async resolve(stored: readonly StoredEntity[], context: ResolverContext): Promise<Resolution> {
    // Not by id: that holds the workspace's uid, and two workspaces of the same documents are to come to the same.
    const entities = stored.toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1)).map(known);
    const pairs = candidatePairs(entities);
    const surroundings = new Surroundings(entities);
    const evidence = { entities, surroundings, vectors: await this.#vectors(entities, pairs, context), senses: sensesOf(entities) };
    const findings = await this.#judged(pairs, evidence, context);
    const clusters = new Clusters(entities, ({ first, second }) => context.apart(entities[first]?.id ?? '', entities[second]?.id ?? ''));
    const joined = clusters.join(findings);
    const open = findings
      .filter((finding) => finding.verdict === 'open' && !clusters.areOne(finding))
      .toSorted((a, b) => b.similarity - a.similarity || a.first - b.first || a.second - b.second);
    const asked = context.ask === undefined ? [] : open.slice(0, ASKED);
    const { same, modelCalls } = (await context.ask?.(asked.map((pair) => pairQuestion(pair, entities, surroundings)))) ?? { same: [], modelCalls: 0 };
    joined.push(...clusters.join(asked.filter((_, i) => same[i] === true).map((finding): Finding => ({ ...finding, verdict: 'same', layer: 'model' }))));
    const settled = same.filter((answer) => answer !== undefined).length;
    return { merges: resolved(entities, clusters, joined), pairs: pairs.length, open: open.length - settled, modelCalls };
  }

  async #judged(pairs: readonly Pair[], evidence: Evidence, { signal, onProgress }: ResolverContext): Promise<Finding[]> {
    const pacer = new Pacer(this.clock);
    const findings: Finding[] = [];
    for (const [i, pair] of pairs.entries()) {
      if (pacer.due) {
        onProgress?.(i, pairs.length);
        await pacer.rest();
        signal?.throwIfAborted();
      }
      const finding = judge(pair, evidence);
      if (finding !== undefined) findings.push(finding);
    }
    onProgress?.(pairs.length, pairs.length);
    return findings;
  }

  /** Vectors of the names of all that is in a pair; they are made here and cost nothing. */
  async #vectors(entities: readonly Known[], pairs: readonly Pair[], { workspaceUid, signal }: ResolverContext): Promise<VectorSimilarity> {
    const places = [...new Set(pairs.flatMap(({ first, second }) => [first, second]))];
    const call = { lane: 'bulk', workspaceUid, operation: 'resolve', ...(signal === undefined ? {} : { signal }) } as const;
    const made = await this.nameVectors.of(places.map((place) => entities[place]?.form.key ?? ''), call);
    const vectors = new Map(places.map((place, i) => [place, made[i]]));
    return ({ first, second }) => cosine(vectors.get(first), vectors.get(second));
  }
}

function orderOf({ norm, type, sense }: StoredEntity): string {
  return [norm, type, sense].join('\u0000');
}

function known(entity: StoredEntity): Known {
  return { ...entity, form: nameForm(entity.norm, entity.name), aliasForms: entity.aliases.map((alias) => nameForm(alias)) };
}

/** In how many senses documents use a name, by its compared form; of those without a sense nothing. */
function sensesOf(entities: readonly Known[]): Map<string, number> {
  const told = Map.groupBy(entities.filter(({ sense }) => sense !== ''), ({ form }) => form.key);
  return new Map(Array.from(told, ([key, list]) => [key, new Set(list.map(({ sense }) => sense)).size]));
}

/** Of vectors of unit length; negative ones say no more than 0. */
function cosine(a: Float32Array | undefined, b: Float32Array | undefined): number {
  let sum = 0;
  for (const [i, value] of (a ?? []).entries()) sum += value * (b?.[i] ?? 0);
  return Math.min(1, Math.max(0, sum));
}

/** Each merge with the surest finding that led to it. */
function resolved(entities: readonly Known[], clusters: Clusters, joined: readonly Finding[]): Resolved[] {
  const why = new Map<number, Finding>();
  for (const finding of joined) for (const place of [finding.first, finding.second]) if (!why.has(place)) why.set(place, finding);
  const merges = Array.from(clusters.representatives()).flatMap(([place, into]): Resolved[] => {
    const [entity, other, finding] = [entities[place], entities[into], why.get(place)];
    if (entity === undefined || other === undefined || finding === undefined) return [];
    const { layer, similarity } = finding;
    return [{ entityId: entity.id, intoId: other.id, name: entity.name, intoName: other.name, layer, similarity: Math.round(similarity * 1000) / 1000 }];
  });
  return merges.toSorted((a, b) => (a.entityId < b.entityId ? -1 : 1));
}
