/** Kinds of links between a name and a passage. */
export const TITLE = 0;
export const MENTION = 1;
export const IN_TITLE = 2;
/** A capitalised run of the passage, whatever it is matched by: what makes a name a walk name or a rare one. */
export const RUN = 3;

/** An n-gram of the passage in a script without capitals: a name if two passages or more have it, but not too many. */
export const GRAM = 4;
/** What an extraction named, as a run of the passage; kept apart only to know what to take back. */
export const GIVEN = 5;

/** A passage's link to a name. */
export interface NameLink {
  readonly kind: number;
  readonly name: number;
  /** For mentions: the numbers of the sentences, from 0. */
  readonly sentences: readonly number[];
}

/** Links packed as 32-bit integers: kind, name, count of sentences, the sentences; repeated. */
export function packLinks(links: readonly NameLink[]): Uint8Array {
  const values = links.flatMap((link) => [link.kind, link.name, link.sentences.length, ...link.sentences]);
  return new Uint8Array(Int32Array.from(values).buffer);
}

/** The packed integers themselves. */
export function linkInts(packed: Uint8Array): Int32Array {
  // SQLite's blobs need not start at a multiple of four.
  return packed.byteOffset % 4 === 0 ? new Int32Array(packed.buffer, packed.byteOffset, packed.byteLength >> 2) : new Int32Array(packed.slice().buffer);
}

export function unpackLinks(packed: Uint8Array): NameLink[] {
  return linksOfInts(linkInts(packed));
}

export function linksOfInts(values: Int32Array): NameLink[] {
  const links: NameLink[] = [];
  for (let i = 0; i + 2 < values.length; ) {
    const count = values[i + 2] ?? 0;
    links.push({ kind: values[i] ?? 0, name: values[i + 1] ?? 0, sentences: [...values.subarray(i + 3, i + 3 + count)] });
    i += 3 + count;
  }
  return links;
}

/** Goes through packed links without making objects of them. */
export function scanLinks(values: Int32Array, visit: (name: number, kind: number) => void): void {
  for (let i = 0; i + 2 < values.length; i += 3 + (values[i + 2] ?? 0)) visit(values[i + 1] ?? 0, values[i] ?? 0);
}
