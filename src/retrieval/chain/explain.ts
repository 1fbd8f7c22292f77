import type { PassageKey } from '../../graph/graph.types.ts';
import { exceeds, type Step } from './walk.ts';

/** A step of a path in store keys. */
export type KeyStep = readonly [from: PassageKey, name: string, to: PassageKey];

/**
 * The way to a passage: of the hops that reached it the one with the strongest step, led back through the strongest steps of the hops
 * before. A way that comes back to where it began, as from a page over a name to another page and back, explains nothing and is none.
 * @param steps by hop, the first first
 */
export function pathsTo(passage: PassageKey, steps: readonly ReadonlyMap<PassageKey, Step>[]): KeyStep[] {
  const weightOf = (hop: number): number => steps[hop]?.get(passage)?.weight ?? 0;
  const byWeight = (a: number, b: number): number => Number(exceeds(weightOf(b), weightOf(a))) - Number(exceeds(weightOf(a), weightOf(b)));
  const hops = [...steps.keys()].filter((hop) => weightOf(hop) > 0).sort((a, b) => byWeight(a, b) || a - b);
  const paths = hops.map((hop) => trace(passage, steps, hop));
  return paths.find((path) => path.every(([from]) => from !== passage)) ?? [];
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
