import type { PassageKey } from '../../graph/graph.types.ts';
import type { RetrievalConfig } from '../retrieval-config.ts';
import { shares } from './names.ts';
import type { QuestionName } from './question-names.ts';
import type { Relevance } from './relevance.ts';

/** Where the walk starts. */
export interface Seeds {
  /** Weight by passage. */
  readonly level: Map<PassageKey, number>;
  /** Names of the question that seeded a passage. */
  readonly names: Map<PassageKey, string[]>;
  /** What each name of the question gave to the passages it seeded, together. */
  readonly nameWeights: Map<string, number>;
}

/**
 * Softmax over the best passages, plus for each name of the question its part of `nameSeed` by specificity, shared over its title
 * passages, or a tenth of that, times its specificity, over the passages that mention it (a speaker of a
 * meeting is in every other passage and says little).
 * @param ranked passages by falling relevance
 */
export function seeds(ranked: readonly PassageKey[], rel: Relevance, names: readonly QuestionName[], config: RetrievalConfig): Seeds {
  const level = new Map<PassageKey, number>();
  const add = (passage: PassageKey, amount: number): void => {
    level.set(passage, (level.get(passage) ?? 0) + amount);
  };
  const relOf = (passage: PassageKey): number => rel.get(passage) ?? 0;
  const top = ranked.slice(0, config.seedTop);
  for (const [passage, share] of shares(top, (p) => Math.exp((relOf(p) - 1) / config.seedTemperature))) add(passage, share);
  const total = names.reduce((sum, { name, times }) => sum + name.specificity * times, 0) || 1;
  const seeded = new Map<PassageKey, string[]>();
  const nameWeights = new Map<string, number>();
  for (const { name, times } of names) {
    const titled = name.titlePassages.length > 0;
    const factor = titled ? 1 : config.noTitle * name.specificity ** config.untitledSpecificity;
    const amount = ((config.nameSeed * name.specificity * times) / total) * factor;
    nameWeights.set(name.norm, amount);
    const homes = titled ? name.titlePassages : name.mentionPassages;
    for (const [passage, share] of shares(homes, (p) => (config.floorSeed + relOf(p)) ** 2)) {
      add(passage, amount * share);
      seeded.set(passage, [...(seeded.get(passage) ?? []), name.norm]);
    }
  }
  return { level, names: seeded, nameWeights };
}
