import { setImmediate as turn } from 'node:timers/promises';
import { words } from '../../common/text/words.ts';
import type { ModelCallContext } from '../../models/models.types.ts';
import { type EmbeddingCapabilities, EmbeddingProvider } from '../embedding-provider.port.ts';
import { normalise } from '../unit-vector.ts';

const DIMENSIONS = 256;
const GRAMS = [2, 3] as const;
const WORD_WEIGHT = 1;
const GRAM_WEIGHT = 0.5;
/** Text hashed before the event loop gets its turn: about a millisecond's worth. */
const CHARACTERS_A_TURN = 10_000;

/**
 * Vectors without a model, a key or a download: words and character 2- and 3-grams, hashed with a sign into 256 places (K. Weinberger et
 * al., "Feature Hashing for Large Scale Multitask Learning", ICML 2009, section 2), each weighted 1 + ln(tf), at unit length. Texts
 * of similar spelling are near, whatever they mean: good for finding candidates among names, not for relevance.
 */
export class LocalEmbeddingProvider extends EmbeddingProvider {
  override readonly modelId = 'local-hash-v1';
  override readonly maxBatch = 1024;
  override readonly dimensions = DIMENSIONS;
  override readonly capabilities: EmbeddingCapabilities = { semantic: false, worthCaching: false };

  override async embed(texts: readonly string[], context: ModelCallContext): Promise<Float32Array[]> {
    const vectors: Float32Array[] = [];
    let characters = 0;
    for (const text of texts) {
      context.signal?.throwIfAborted();
      vectors.push(hashed(text));
      characters += text.length;
      if (characters < CHARACTERS_A_TURN) continue;
      characters = 0;
      await turn();
    }
    context.signal?.throwIfAborted();
    return vectors;
  }
}

/** Frequencies of the features of a text, by their 32-bit hashes. */
function frequencies(text: string): { wordHashes: Map<number, number>; gramHashes: Map<number, number> } {
  const wordHashes = new Map<number, number>();
  const gramHashes = new Map<number, number>();
  for (const { norm } of words(text)) {
    const framed = `^${norm}$`;
    count(wordHashes, hash(framed, 0, framed.length));
    for (const length of GRAMS) {
      for (let at = 0; at + length <= framed.length; at += 1) count(gramHashes, hash(framed, at, at + length));
    }
  }
  return { wordHashes, gramHashes };
}

function count(counts: Map<number, number>, key: number): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** FNV-1a over UTF-16 code units with the last mixing of MurmurHash3, so that every bit depends on every character. */
function hash(text: string, from: number, to: number): number {
  let h = 0x811c9dc5;
  for (let i = from; i < to; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function add(vector: Float32Array, counts: ReadonlyMap<number, number>, weight: number): void {
  for (const [key, tf] of counts) {
    const place = key % DIMENSIONS;
    const sign = key >>> 31 === 0 ? 1 : -1;
    vector[place] = (vector[place] ?? 0) + sign * weight * (1 + Math.log(tf));
  }
}

function hashed(text: string): Float32Array {
  const vector = new Float32Array(DIMENSIONS);
  const { wordHashes, gramHashes } = frequencies(text);
  add(vector, wordHashes, WORD_WEIGHT);
  add(vector, gramHashes, GRAM_WEIGHT);
  // A text without words has a direction of its own too.
  if (!normalise(vector)) vector[0] = 1;
  return vector;
}
