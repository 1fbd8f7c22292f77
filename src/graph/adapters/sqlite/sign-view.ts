import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { changesSince } from './read.ops.ts';
import { metaNumber } from './rows.ts';
import { SignIndex } from './sign-index.ts';
import { type SignSource, vectorsAfter, vectorsOf } from './stored-vectors.ts';

/** What to search so that all that is visible is found, and nothing else. */
export interface SignView {
  /** The index that all threads share, if there is one that is of use. */
  readonly shared: SignIndex | undefined;
  /** Keys of which the shared index is not to be believed. */
  readonly changed: ReadonlySet<number>;
  /** What the shared index lacks. */
  readonly beside: SignIndex | undefined;
}

/** What a shared index of one version lacks at another; `whole`: all there is. */
interface Difference {
  readonly from: number | undefined;
  readonly to: number;
  readonly whole: boolean;
  readonly changed: ReadonlySet<number>;
  readonly index: SignIndex;
}

const KEY = 'signs-beside';
const NOTHING: ReadonlySet<number> = new Set();
/** The lag of an index that has to be made anew. */
const ALL = 0x7fffffff;
const PAGE = 1000;

/**
 * The shared index as it is, and beside it what was published since it was last brought up to date: a reader never waits for that and
 * never changes the index, it only notes how far the index lags.
 */
export function signView(context: SqliteContext, dimensions: number): SignView {
  const shared = finishedIndex(context.shared, dimensions);
  const version = metaNumber(context, 'index_version');
  if (shared?.version === version) {
    context.memory.delete(KEY);
    return { shared, changed: NOTHING, beside: undefined };
  }
  const beside = differenceOf(context, dimensions, { from: shared?.version, to: version });
  shared?.noteLag(version, beside.whole ? ALL : beside.changed.size);
  return { shared: beside.whole ? undefined : shared, changed: beside.changed, beside: beside.index };
}

function finishedIndex(memory: SharedArrayBuffer | undefined, dimensions: number): SignIndex | undefined {
  if (memory === undefined) return undefined;
  const index = new SignIndex(memory);
  return index.version === undefined || index.dimensions !== dimensions ? undefined : index;
}

type Span = Pick<Difference, 'from' | 'to'>;

/** The difference, kept for the questions that follow. */
function differenceOf(context: SqliteContext, dimensions: number, span: Span): Difference {
  const known = context.memory.get(KEY) as Difference | undefined;
  if (known?.from === span.from && known?.to === span.to) return known;
  const made = difference(context, dimensions, span);
  context.memory.set(KEY, made);
  return made;
}

function difference(context: SqliteContext, dimensions: number, span: Span): Difference {
  const changes = span.from === undefined ? undefined : changesSince(context, { indexVersion: span.from });
  if (changes?.complete !== true) return { ...span, whole: true, changed: NOTHING, index: indexOf(dimensions, allVectors(context, dimensions)) };
  const added = vectorsOf(context, [...changes.addedPassages], dimensions);
  return { ...span, whole: false, changed: new Set([...changes.addedPassages, ...changes.removedPassages]), index: indexOf(dimensions, added) };
}

function* allVectors(context: SqliteContext, dimensions: number): Generator<SignSource> {
  let after = 0;
  for (;;) {
    const page = vectorsAfter(context, { after, limit: PAGE, dimensions });
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.passage;
  }
}

/** An index of this thread's own. */
function indexOf(dimensions: number, sources: Iterable<SignSource>): SignIndex {
  let index = SignIndex.make(dimensions, PAGE);
  for (const { passage, vectors } of sources) {
    if (!index.fits(vectors.length)) index = index.copy(2 * index.rows + vectors.length);
    index.add(passage, vectors);
  }
  return index;
}
