import type { PassageKey } from '../../graph/graph.types.ts';
import type { RetrievalConfig } from '../retrieval-config.ts';
import type { NameView } from './names.ts';
import type { Relevance } from './relevance.ts';

/** Where a name leads, in parallel lists; a passage that stands twice counts with the sum. */
export interface Targets {
  readonly passages: PassageKey[];
  readonly weights: number[];
}

/**
 * Where a name leads: t(x|e) = title share + b · mention share, times (base + relevance). Title pages share by floor + relevance; the
 * passages that mention the name or hold it in their title share by theirs, one that does both counting twice; b is larger when the
 * name has a title page.
 */
export function targetsOf(name: NameView, rel: Relevance, config: RetrievalConfig): Targets {
  const targets: Targets = { passages: [], weights: [] };
  const part = name.titlePassages.length > 0 ? config.mentionShare : config.loneMentionShare;
  const target = (relevance: number): number => config.targetBase + relevance;
  addShares(targets, [name.titlePassages], rel, (relevance) => [config.floorTitle + relevance, target(relevance)]);
  addShares(targets, [name.mentionPassages, name.inTitlePassages], rel, (relevance) => [config.floorMention + relevance, part * target(relevance)]);
  return targets;
}

/** Each passage's share by weight among all of the lists, times its factor. */
function addShares(targets: Targets, lists: readonly Int32Array[], rel: Relevance, weigh: (relevance: number) => readonly [weight: number, factor: number]): void {
  const first = targets.passages.length;
  const factors: number[] = [];
  let total = 0;
  for (const list of lists) {
    for (const passage of list) {
      const [weight, factor] = weigh(rel.get(passage) ?? 0);
      targets.passages.push(passage);
      targets.weights.push(weight);
      factors.push(factor);
      total += weight;
    }
  }
  for (const [i, factor] of factors.entries()) targets.weights[first + i] = ((targets.weights[first + i] ?? 0) / total) * factor;
}
