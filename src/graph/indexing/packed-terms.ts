/** Ends the title and each sentence; no term has this key. */
export const END = 0;

/** Keys of the title's stems, then of each sentence's, each list behind an end. */
export function packTerms(lists: readonly (readonly number[])[]): Uint8Array {
  return new Uint8Array(Int32Array.from(lists.flatMap((list) => [...list, END])).buffer);
}

/**
 * Goes through packed stems in order, which come as 32-bit integers.
 * @param visit called with each stem's key and the list it stands in: -1 the title, then the sentences from 0
 * @param ended called behind each list, before the next
 */
export function scanTerms(packed: Int32Array, visit: (term: number, sentence: number) => void, ended: () => void = () => undefined): void {
  let sentence = -1;
  for (const term of packed) {
    if (term === END) {
      ended();
      sentence += 1;
    } else visit(term, sentence);
  }
}
