import { NameFilter } from '../../indexing/name-filter.ts';
import type { ChangeScope } from './change-scope.ts';

interface Known {
  readonly version: number;
  readonly filter: NameFilter;
}

/** Workspaces whose filter is kept. */
const KEPT = 16;
const PAGE = 50_000;
const IS_WALK = '(n.titles > 0 OR n.runs >= 2)';
const NORMS = `MATCH (n:Name) WHERE n.workspace = $workspace AND n.key > $after WITH n ORDER BY n.key LIMIT $limit
RETURN n.key AS key, CASE WHEN ${IS_WALK} THEN n.norm END AS norm`;

/** Filters of walk names that this process knows from one change of a workspace to the next. */
export class WalkFilters {
  readonly #known = new Map<string, Known>();

  /**
   * The filter of all walk names as of this version, for one change; `keep` gives it back.
   * @param names how many names there are
   */
  async take(scope: ChangeScope, version: number, names: number): Promise<NameFilter> {
    const known = this.#known.get(scope.workspace);
    // A change that fails leaves nothing: what it learned was rolled back.
    this.#known.delete(scope.workspace);
    return known?.version === version && !known.filter.isFull ? known.filter : await load(scope, names);
  }

  /** The change was committed as this version. */
  keep(workspace: string, version: number, filter: NameFilter): void {
    if (this.#known.size >= KEPT) this.#known.clear();
    this.#known.set(workspace, { version, filter });
  }
}

async function load(scope: ChangeScope, names: number): Promise<NameFilter> {
  const filter = new NameFilter(names);
  let page: readonly NamePage[] = [];
  do {
    page = await scope.run<NamePage>(NORMS, { after: page.at(-1)?.key ?? 0, limit: PAGE });
    for (const { norm } of page) if (norm !== null) filter.add(norm);
  } while (page.length === PAGE);
  return filter;
}

/** A name by rising key; without its norm if it is no walk name. */
interface NamePage {
  readonly key: number;
  readonly norm: string | null;
}
