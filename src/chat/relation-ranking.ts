import type { PassageKey, RelationEnd, RelationFact } from '../graph/graph.types.ts';
import type { RetrievalResult } from '../retrieval/retrieval.types.ts';

// Here and not in retrieval, because a relation is weighed for one purpose only: a place in the prompt. Retrieval answers with passages;
// it tells what the walk weighed, and so does any other way of retrieving.

/** What an end counts that the walk did not go over, beside shares of the walk's weight that sum up to 1. */
const UNMET_SHARE = 0.02;
/** Scores are compared in whole billionths, so that rounding does not decide. */
const ORDER = 1e9;

/** What the walk found, as far as relations are ranked by it. */
export type FoundByWalk = Pick<RetrievalResult, 'keys' | 'nameWeights'> & { readonly passages: readonly Pick<RetrievalResult['passages'][number], 'score'>[] };

/**
 * Relations by how much the walk that found the passages is about them: the sum of the scores of the passages that assert one, times
 * the share of the walk's weight that went over the names of its two ends. The nth relation of the same passage then counts an nth, or
 * the page of the first name asked would fill the prompt before the second hop has its say. Equal ones by id. What is said twice, by
 * the same ends under other names of theirs, becomes one with the evidence of all.
 */
export function rankRelations(facts: readonly RelationFact[], found: FoundByWalk): RelationFact[] {
  const scores = new Map(found.keys.map((key, i) => [key, found.passages[i]?.score ?? 0]));
  const total = [...found.nameWeights.values()].reduce((sum, weight) => sum + weight, 0);
  const shareOf = (end: RelationEnd): number => {
    const weight = end.norms.reduce((sum, norm) => sum + (found.nameWeights.get(norm) ?? 0), 0);
    return weight === 0 ? UNMET_SHARE : weight / total;
  };
  const places = new Map(found.keys.map((key, i) => [key, i]));
  const weighed = withoutRepetitions(facts, places).map((fact) => ({ fact, score: supportOf(fact, scores) * (shareOf(fact.source) + shareOf(fact.target)) }));
  return shared(weighed.sort(heaviestFirst)).sort(heaviestFirst).map(({ fact }) => fact);
}

interface Weighed {
  readonly fact: RelationFact;
  readonly score: number;
}

function heaviestFirst(a: Weighed, b: Weighed): number {
  return Math.round(b.score * ORDER) - Math.round(a.score * ORDER) || byId(a.fact, b.fact);
}

/** The scores of relations, heaviest first, divided by how many their first passage has had by then. */
function shared(weighed: readonly Weighed[]): Weighed[] {
  const counts = new Map<PassageKey | undefined, number>();
  return weighed.map(({ fact, score }) => {
    const passage = fact.evidence[0]?.passage;
    const count = (counts.get(passage) ?? 0) + 1;
    counts.set(passage, count);
    return { fact, score: score / count };
  });
}

function supportOf(fact: RelationFact, scores: ReadonlyMap<PassageKey, number>): number {
  return fact.evidence.reduce((sum, { passage }) => sum + (scores.get(passage) ?? 0), 0);
}

function byId(a: RelationFact, b: RelationFact): number {
  return a.id < b.id ? -1 : Number(a.id > b.id);
}

/** @param places of the passages among those found, by which evidence is ordered */
function withoutRepetitions(facts: readonly RelationFact[], places: ReadonlyMap<PassageKey, number>): RelationFact[] {
  const called = oneNameEach(facts.flatMap(({ source, target }) => [source, target]));
  const groups = Map.groupBy(facts.toSorted(byId), ({ source, target, type }) => JSON.stringify([called(source), type.toLowerCase(), called(target)]));
  return [...groups.values()].map((group) => {
    const { evidence, ...fact } = group.reduce(together);
    return { ...fact, evidence: evidence.toSorted((a, b) => (places.get(a.passage) ?? 0) - (places.get(b.passage) ?? 0)) };
  });
}

function together(one: RelationFact, other: RelationFact): RelationFact {
  const known = new Set(one.evidence.map(({ passage }) => passage));
  return { ...one, evidence: [...one.evidence, ...other.evidence.filter(({ passage }) => !known.has(passage))] };
}

/**
 * One name for all ends that are the same: an end that is called by an alias of another one is that one. An alias that several have
 * ("Karl") makes none of them the same.
 */
function oneNameEach(ends: readonly RelationEnd[]): (end: RelationEnd) => string {
  const owners = new Map<string, Set<string>>();
  for (const { norms } of ends) for (const alias of norms.slice(1)) owners.set(alias, (owners.get(alias) ?? new Set()).add(ownName(norms)));
  const onlyOwner = (name: string): string | undefined => (owners.get(name)?.size === 1 ? [...(owners.get(name) ?? [])][0] : undefined);
  return ({ norms }) => {
    const met = new Set([ownName(norms)]);
    for (const name of met) met.add(onlyOwner(name) ?? name);
    const last = [...met].at(-1) ?? '';
    // Where each is an alias of the other, both come to the same two names.
    return onlyOwner(last) === undefined ? last : ([...met].sort()[0] ?? '');
  };
}

function ownName([own = '']: RelationEnd['norms']): string {
  return own;
}
