import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { BoundedMemory } from '../../indexing/bounded-memory.ts';
import type { KnownName, KnownTerm, PassageInfo, StoredVectors } from './known.types.ts';
import { metaNumber } from './rows.ts';

/** Entries; one of a name with its lists is some hundred bytes. */
const ENTRIES = 50_000;
/** So many letters of a stem count as an entry. */
const LETTERS = 64;
/** Of vectors that were compared lately. */
const VECTOR_BYTES = 48_000_000;
/** Integers of packed links; of packed stems twice as many. */
const INTEGERS = 2_000_000;

/** What a reader keeps of a file between calls; valid for one index version, and bounded, so that it does not grow with the workspace. */
export class ReaderMemory {
  readonly version: number;
  readonly passageCount: number;
  /** In stems. */
  readonly meanTitleLength: number;
  readonly meanBodyLength: number;
  readonly passages = new BoundedMemory<number, PassageInfo>(ENTRIES);
  readonly names = new BoundedMemory<number, KnownName | undefined>(ENTRIES);
  readonly links = new BoundedMemory<number, Int32Array>(INTEGERS, (links) => links.length + 16);
  readonly packedTerms = new BoundedMemory<number, Int32Array>(2 * INTEGERS, (terms) => terms.length + 16);
  /** A question asks for any string: one as long as a book counts for many. */
  readonly terms = new BoundedMemory<string, KnownTerm>(ENTRIES, (_, term) => 1 + Math.floor(term.length / LETTERS));
  readonly wordFrequencies = new BoundedMemory<string, number>(ENTRIES);
  readonly vectors = new BoundedMemory<number, StoredVectors | undefined>(VECTOR_BYTES, (stored) => 64 + (stored?.own.byteLength ?? 0) + (stored?.sentences?.byteLength ?? 0));
  readonly entityFrequencies = new BoundedMemory<number, number>(ENTRIES);
  /** Whether any passage knows an alias; unknown before the first question. */
  hasAliases: boolean | undefined;

  constructor(context: SqliteContext, version: number) {
    this.version = version;
    this.passageCount = metaNumber(context, 'passages');
    const passages = Math.max(1, this.passageCount);
    this.meanTitleLength = metaNumber(context, 'title_length') / passages;
    this.meanBodyLength = metaNumber(context, 'body_length') / passages;
  }
}

const KEY = 'reader';
const PINNED = 'pinned reader';

/** Within a read transaction the index cannot change, so the memory need not ask for its version again. */
export function pinned<T>(context: SqliteContext, work: () => T): T {
  context.memory.set(PINNED, readerMemory(context));
  try {
    return work();
  } finally {
    context.memory.delete(PINNED);
  }
}

/** The memory of a file, begun anew when the index has changed, in whatever process. */
export function readerMemory(context: SqliteContext): ReaderMemory {
  const sure = context.memory.get(PINNED);
  if (sure !== undefined) return sure as ReaderMemory;
  const version = metaNumber(context, 'index_version');
  const known = context.memory.get(KEY) as ReaderMemory | undefined;
  if (known?.version === version) return known;
  const made = new ReaderMemory(context, version);
  context.memory.set(KEY, made);
  return made;
}
