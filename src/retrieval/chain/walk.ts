import type { PassageKey } from '../../graph/graph.types.ts';
import type { HopColumns } from '../../graph/retrieval-columns.types.ts';
import { type LinkContext, linksOf } from './links.ts';
import { nameView } from './names.ts';
import type { Relevance } from './relevance.ts';
import { type Targets, targetsOf } from './targets.ts';

/** Relative; sums of a few thousand weights differ by far less when they are added in another order. */
const ROUNDING = 1e-9;

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
    if (best === undefined || isStronger(source, weight, best)) level.steps.set(passage, { from: source.from, name: source.name, weight });
  }
}

/** Whether a weight is the greater one, beyond what the order of additions makes of equal ones. */
export function exceeds(weight: number, other: number): boolean {
  return weight > other * (1 + ROUNDING);
}

/** Of equally strong steps that of the passage that comes first in the beam stands, and of its names the first by code units. */
function isStronger(source: Step, weight: number, best: Step): boolean {
  if (exceeds(weight, best.weight)) return true;
  return source.from === best.from && source.name < best.name && !exceeds(best.weight, weight);
}
