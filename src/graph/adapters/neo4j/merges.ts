/** Entity by the entity it was merged away from, as ids. */
export type Merges = ReadonlyMap<string, string>;

/** How often one merge may lead on to the next; what was declared beyond that counts no longer. */
const STEPS = 4;

/** The merges that lead on from a list of entities' ids, as `merges`; goes on from `w` and the list, whose name is given. */
export function mergesFrom(ids: string): string {
  const places = Array.from({ length: STEPS }, (_, i) => i + 1);
  const steps = places.slice(1).map((i) => `OPTIONAL MATCH (m${String(i)}:Merge {workspace: $workspace, entity: m${String(i - 1)}.into})`);
  return `CALL (w, ${ids}) {
  UNWIND ${ids} AS id MATCH (m1:Merge {workspace: $workspace, entity: id})
  ${steps.join('\n  ')}
  UNWIND [${places.map((i) => `m${String(i)}`).join(', ')}] AS m WITH DISTINCT m WHERE m IS NOT NULL
  RETURN collect([m.entity, m.into]) AS merges
}
`;
}

/** A list of entities' ids with those of all that were declared one with them, as `family`; goes on from `w` and the list, whose name is given. */
export function familyOf(ids: string): string {
  return `${mergesFrom(ids)}CALL (w, ${ids}, merges) {
  WITH ${ids} + [pair IN merges | pair[1]] AS ends
  UNWIND ends AS end OPTIONAL MATCH (m:Merge {workspace: $workspace, into: end})
  WITH ends, collect(m.entity) AS others UNWIND ends + others AS id
  MATCH (e:Entity {id: id}) WHERE e.workspace = $workspace WITH DISTINCT id RETURN collect(id) AS family
}
`;
}
