import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { changesSince } from './read.ops.ts';
import { metaNumber } from './rows.ts';
import { SignIndex } from './sign-index.ts';
import { type SignSource, vectorsAfter, vectorsOf } from './stored-vectors.ts';

/** An index after a step; the memory may be another one than before. */
export interface SignStep {
  readonly memory: SharedArrayBuffer;
  readonly done: boolean;
}

/** How long a step keeps the thread before other calls get their turn, in milliseconds. */
const STEP_MS = 30;
/** Passages that are read at once. */
const PAGE = 256;
/** Room for rows to come, as a share of those that are there. */
const SLACK = 0.25;
const LEAST_SLACK = 1024;
/** Rows of removed passages are cleared away when there are more, and more than a quarter of all. */
const MANY_DEAD = 1024;

/**
 * The next step towards an index of all that is visible; a step that is cut off is made good by the next one. Nothing for a workspace
 * without vectors. Steps of one index must not run at the same time, in whatever thread each of them does.
 */
export function nextSignStep(context: SqliteContext, memory: SharedArrayBuffer | undefined): SignStep | undefined {
  const dimensions = metaNumber(context, 'dimensions');
  if (dimensions === 0) return undefined;
  const known = memory === undefined ? undefined : new SignIndex(memory);
  const build = new SignBuild(context, known?.dimensions === dimensions ? known : begun(context, dimensions));
  const done = build.run(performance.now() + STEP_MS);
  return { memory: build.index.memory, done };
}

function begun(context: SqliteContext, dimensions: number): SignIndex {
  const index = SignIndex.make(dimensions, roomFor(metaNumber(context, 'passages')));
  index.target = metaNumber(context, 'index_version');
  return index;
}

function roomFor(rows: number): number {
  return rows + Math.max(LEAST_SLACK, Math.ceil(rows * SLACK));
}

class SignBuild {
  readonly #context: SqliteContext;
  index: SignIndex;
  /** Whether what has gone since the index's version is out of it already. */
  #cleared = false;

  constructor(context: SqliteContext, index: SignIndex) {
    this.#context = context;
    this.index = index;
  }

  /** Goes on until the time is over; whether all is done. */
  run(until: number): boolean {
    while (performance.now() < until) {
      if (this.index.version === metaNumber(this.#context, 'index_version')) return this.#tidied();
      if (this.index.version !== undefined && !this.#cleared) this.#clear(this.index.version);
      this.#fill();
    }
    return false;
  }

  /** Takes out what has gone since a version; begins anew if the change log does not tell. */
  #clear(version: number): void {
    const changes = changesSince(this.#context, { indexVersion: version });
    this.#cleared = true;
    if (!changes.complete || this.#missesOld(changes.addedPassages)) {
      this.index = begun(this.#context, this.index.dimensions);
      return;
    }
    for (const key of changes.removedPassages) this.index.remove(key);
    this.index.target = changes.indexVersion;
  }

  /** Keys rise with time, and rows are added in their order; should one be missing below the last, it has no place. */
  #missesOld(added: Int32Array): boolean {
    const missing = [...added].filter((key) => key <= this.index.lastKey && !this.index.has(key));
    return missing.length > 0 && vectorsOf(this.#context, missing, this.index.dimensions).length > 0;
  }

  /** Adds one page of what has come. What changes while pages are read is caught up with after the target. */
  #fill(): void {
    const page = vectorsAfter(this.#context, { after: this.index.lastKey, limit: PAGE, dimensions: this.index.dimensions });
    this.#add(page);
    if (page.length === PAGE) return;
    this.index.finish();
    this.#cleared = false;
  }

  #add(sources: readonly SignSource[]): void {
    const rows = sources.reduce((sum, { vectors }) => sum + vectors.length, 0);
    if (!this.index.fits(rows)) this.index = this.index.copy(roomFor(this.index.rows - this.index.dead + rows));
    for (const { passage, vectors } of sources) this.index.add(passage, vectors);
  }

  #tidied(): true {
    const { dead, rows } = this.index;
    if (dead > MANY_DEAD && dead * 4 > rows) this.index = this.index.copy(roomFor(rows - dead));
    return true;
  }
}
