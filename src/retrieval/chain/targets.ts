import type { PassageKey } from '../../graph/graph.types.ts';
import type { RetrievalConfig } from '../retrieval-config.ts';
import { type NameView, shares } from './names.ts';
import type { Relevance } from './relevance.ts';

/**
 * Where a name leads: t(x|e) = title share + b · mention share, times (base + relevance). Title pages share by floor + relevance; the
 * passages that mention the name or hold it in their title share by theirs, one that does both counting twice; b is larger when the
 * name has a title page.
 */
export function targetsOf(name: NameView, rel: Relevance, config: RetrievalConfig): Map<PassageKey, number> {
  const relOf = (passage: PassageKey): number => rel.get(passage) ?? 0;
  const targets = shares(name.titlePassages, (passage) => config.floorTitle + relOf(passage));
  const times = new Map<PassageKey, number>();
  for (const list of [name.mentionPassages, name.inTitlePassages]) for (const passage of list) times.set(passage, (times.get(passage) ?? 0) + 1);
  const mentioned = shares(times.keys(), (passage) => (times.get(passage) ?? 0) * (config.floorMention + relOf(passage)));
  const part = name.titlePassages.length > 0 ? config.mentionShare : config.loneMentionShare;
  for (const [passage, share] of mentioned) targets.set(passage, (targets.get(passage) ?? 0) + part * share);
  for (const [passage, share] of targets) targets.set(passage, share * (config.targetBase + relOf(passage)));
  return targets;
}
