/** Entity by the entity it was merged away from, as ids. */
export type Merges = ReadonlyMap<string, string>;

/** All merges of a workspace, as `merges`; goes on from `w`. */
export const MERGES = `CALL (w) {
  MATCH (m:Merge) WHERE m.workspace = $workspace AND m.entity >= '' RETURN collect([m.entity, m.into]) AS merges
}
`;

/** The id an entity is shown under. */
export function shownId(id: string, merges: Merges): string {
  let current = id;
  // A chain of merges ends where it began at the latest.
  for (let step = 0; step < merges.size; step += 1) current = merges.get(current) ?? current;
  return current;
}
