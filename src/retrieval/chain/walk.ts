import type { PassageKey } from '../../graph/graph.types.ts';
import type { HopColumns } from '../../graph/retrieval-columns.types.ts';
import { type LinkContext, linksOf } from './links.ts';
import { nameView } from './names.ts';
import type { Relevance } from './relevance.ts';
import { type Targets, targetsOf } from './targets.ts';

/** The strongest way by which a hop reached a passage. */
export interface Step {
  readonly from: PassageKey;
  readonly name: string;
  readonly weight: number;
}

/** What one hop reached. */
export interface Level {
  readonly weights: Map<PassageKey, number>;
  readonly steps: Map<PassageKey, Step>;
  /** The weight that went over each name: a(p) · w(e|p), summed over the beam. */
  readonly names: Map<string, number>;
}

/** One hop: next(x) += factor · a(p) · w(e|p) · t(x|e) for x ≠ p, from each passage p of the beam over its names e. */
export function walkHop(
  beam: readonly { readonly passage: PassageKey; readonly weight: number }[],
  columns: HopColumns,
  rel: Relevance,
  context: LinkContext,
): Level {
  const names = columns.names.norms.map((_, row) => nameView(columns.names, row));
  const targets = new Map<number, Targets>();
  const level: Level = { weights: new Map(), steps: new Map(), names: new Map() };
  for (const [index, from] of beam.entries()) {
    for (const { row, weight } of linksOf(columns, index, names, context)) {
      const name = names[row];
      if (name === undefined) continue;
      level.names.set(name.norm, (level.names.get(name.norm) ?? 0) + from.weight * weight);
      const reached = targets.get(row) ?? targetsOf(name, rel, context.config);
      targets.set(row, reached);
      spread(level, { from: from.passage, name: name.norm, weight: context.config.hopFactor * from.weight * weight }, reached);
    }
  }
  return level;
}

function spread(level: Level, source: Step, targets: Targets): void {
  for (let i = 0; i < targets.passages.length; i += 1) {
    const passage = targets.passages[i] ?? 0;
    if (passage === source.from) continue;
    const weight = source.weight * (targets.weights[i] ?? 0);
    level.weights.set(passage, (level.weights.get(passage) ?? 0) + weight);
    const best = level.steps.get(passage);
    if (best === undefined || best.weight < weight) level.steps.set(passage, { from: source.from, name: source.name, weight });
  }
}
