import type { PassageKey } from '../../graph/graph.types.ts';
import type { Step } from './walk.ts';

/** A step of a path in store keys. */
export type KeyStep = readonly [from: PassageKey, name: string, to: PassageKey];

/**
 * The way to a passage: for each hop that reached it the strongest step, led back through the strongest steps of the hops before.
 * @param steps by hop, the first first
 */
export function pathsTo(passage: PassageKey, steps: readonly ReadonlyMap<PassageKey, Step>[]): KeyStep[] {
  let best: { readonly hop: number; readonly weight: number } | undefined;
  for (const [hop, reached] of steps.entries()) {
    const weight = reached.get(passage)?.weight ?? 0;
    if (weight > (best?.weight ?? 0)) best = { hop, weight };
  }
  return best === undefined ? [] : trace(passage, steps, best.hop);
}

function trace(passage: PassageKey, steps: readonly ReadonlyMap<PassageKey, Step>[], hop: number): KeyStep[] {
  const path: KeyStep[] = [];
  let to = passage;
  for (let level = hop; level >= 0; level -= 1) {
    const step = steps[level]?.get(to);
    if (step === undefined) break;
    path.unshift([step.from, step.name, to]);
    to = step.from;
  }
  return path;
}
