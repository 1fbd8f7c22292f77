/** Weights are compared and told in whole billionths, so that rounding does not decide. */
const ORDER = 1e9;

/**
 * How much of the walk's weight went over each name: the sum, over the names of the question, of what they seeded, and over the links
 * of each hop, of a(p) · w(e|p). The heaviest `top` names, heaviest first; equal ones by code unit.
 * @param flows the weight by name, of the seeds and of each hop
 */
export function nameWeights(flows: Iterable<ReadonlyMap<string, number>>, top: number): Map<string, number> {
  const sums = new Map<string, number>();
  for (const flow of flows) for (const [name, weight] of flow) sums.set(name, (sums.get(name) ?? 0) + weight);
  const rows = Array.from(sums, ([name, weight]) => ({ name, weight: Math.round(weight * ORDER) / ORDER })).filter(({ weight }) => weight > 0);
  const heaviest = rows.sort((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1)).slice(0, top);
  return new Map(heaviest.map(({ name, weight }) => [name, weight]));
}
