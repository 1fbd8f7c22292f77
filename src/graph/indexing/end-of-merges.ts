/**
 * The entity that another is in the end, as ids: itself if it was merged into none. Of a circle it is the same one from wherever it is
 * entered, the first by code unit.
 * @param merged the entity by the one merged into it
 */
export function endOfMerges(entityId: string, merged: ReadonlyMap<string, string>): string {
  const passed: string[] = [];
  let current = entityId;
  for (let next = merged.get(current); next !== undefined; next = merged.get(current)) {
    if (passed.includes(current)) return passed.slice(passed.indexOf(current)).toSorted()[0] ?? current;
    passed.push(current);
    current = next;
  }
  return current;
}
