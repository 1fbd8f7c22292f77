import { createRequire } from 'node:module';
import type * as o200k from 'gpt-tokenizer/encoding/o200k_base';

type Tokenizer = typeof o200k;

/** Its tables take a quarter of a second to load, which most commands and an idle service never need. */
let loaded: Tokenizer | undefined;

function tokenizer(): Tokenizer {
  loaded ??= createRequire(import.meta.url)('gpt-tokenizer/encoding/o200k_base') as Tokenizer;
  return loaded;
}

/** Documents may hold what a tokenizer takes for a control token; here it is text like any other. */
const OPTIONS = { disallowedSpecial: new Set<string>() };

/** The tokenizer's time grows with the square of an unbroken run, so it never sees a longer one. */
const MAX_RUN_UNITS = 256;
const LONG_RUN = /\S{257,}|\s{257,}/u;
const MAX_CALL_UNITS = 2048;

/**
 * The tokenizer remembers words as it met them, and each keeps the whole text alive that it is a part of; so it has to forget now
 * and then, after this many UTF-16 units.
 */
const REMEMBERED_UNITS = 4_000_000;
let remembered = 0;

function count(text: string): number {
  remembered += text.length;
  if (remembered > REMEMBERED_UNITS) {
    tokenizer().clearMergeCache();
    remembered = 0;
  }
  return tokenizer().countTokens(text, OPTIONS);
}

/**
 * How many tokens of the encoding o200k, that of OpenAI's current models, a text has; other models' counts are near. Time grows with its length only: long texts, and texts with runs of more than
 * 256 characters without a break, are counted in parts, which gives a token more for each seam.
 */
export function countTokens(text: string): number {
  if (text.length <= MAX_RUN_UNITS) return count(text);
  const unit = LONG_RUN.test(text) ? MAX_RUN_UNITS : MAX_CALL_UNITS;
  let total = -1;
  for (let from = 0; from < text.length; ) {
    const end = nextEnd(text, from, unit);
    total += 1 + count(text.slice(from, end));
    from = end;
  }
  return total;
}

/** A stretch of at most `unit` UTF-16 units that ends before a space where it can. */
function nextEnd(text: string, from: number, unit: number): number {
  const limit = from + unit;
  if (limit >= text.length) return text.length;
  const space = text.lastIndexOf(' ', limit);
  return space > from + unit / 2 ? space : limit;
}

/** Whether a text has at most so many tokens; cheap for texts that are far from it. */
export function fitsTokens(text: string, limit: number): boolean {
  // A token is at least one byte of UTF-8; no token of the encoding is longer than 128 characters. Most texts need no tokenizer by this.
  if (text.length > limit * 128) return false;
  if (text.length <= limit && Buffer.byteLength(text, 'utf8') <= limit) return true;
  return countTokens(text) <= limit;
}
