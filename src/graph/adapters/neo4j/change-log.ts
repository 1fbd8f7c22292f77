import type { ChangeScope } from './change-scope.ts';

/** Passages of which the log keeps a line. */
const CHANGE_LOG = 100_000;

const LOG = `MATCH (w:Workspace {uid: $workspace}) SET w.logged = coalesce(w.logged, 0) + $count
CREATE (x:Change:$($label) {workspace: $workspace, version: $version, added: $added, removed: $removed})
RETURN w.logged AS logged`;
const SIZES = `MATCH (x:Change) WHERE x.workspace = $workspace AND x.version >= 0
RETURN x.version AS version, size(x.added) + size(x.removed) AS count ORDER BY version DESC`;
const CUT = `MATCH (w:Workspace {uid: $workspace}) SET w.changesFrom = $version, w.logged = $logged WITH w
MATCH (x:Change) WHERE x.workspace = $workspace AND x.version <= $version DELETE x`;

/** Notes which passages came and went with a version, and forgets the oldest notes once there are too many. */
export async function logChange(scope: ChangeScope, version: number, { added, removed }: { readonly added: readonly number[]; readonly removed: readonly number[] }): Promise<void> {
  const count = added.length + removed.length;
  const [row] = await scope.run<{ logged: number }>(LOG, { version, added, removed, count });
  if ((row?.logged ?? 0) <= CHANGE_LOG) return;
  const sizes = await scope.run<{ version: number; count: number }>(SIZES);
  let logged = 0;
  const kept = sizes.findIndex((each) => (logged += each.count) > CHANGE_LOG);
  const cut = sizes[kept];
  if (cut !== undefined) await scope.run(CUT, { version: cut.version, logged: logged - cut.count });
}
