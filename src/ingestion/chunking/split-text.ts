import { sentences } from '../../common/text/sentences.ts';
import { cutPoint } from '../parsers/scan-lines.ts';
import { countTokens } from '../../common/text/tokens.ts';

/** A stretch of a text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Sentences are looked for in stretches of this many units, so that no text takes long at once. */
const WINDOW_UNITS = 8192;

function trimmed(text: string, start: number, end: number): Span | undefined {
  const part = text.slice(start, end);
  const from = start + part.length - part.trimStart().length;
  const to = start + part.trimEnd().length;
  return from < to ? { start: from, end: to } : undefined;
}

/** Cuts at white space, or where it must, into spans of at most `limit` tokens. */
function* hardCuts(text: string, span: Span, limit: number): Generator<Span> {
  let from = span.start;
  while (from < span.end) {
    let length = Math.min(span.end - from, limit * 4);
    for (let tokens = countTokens(text.slice(from, from + length)); tokens > limit; ) {
      length = Math.max(2, Math.floor((length * limit * 0.95) / tokens));
      tokens = countTokens(text.slice(from, from + length));
    }
    if (from + length < span.end) length = Math.max(1, cutPoint(text.slice(from, from + length + 1), length));
    const piece = trimmed(text, from, from + length);
    if (piece !== undefined) yield piece;
    from += length;
  }
}

/**
 * The sentences of a text, those that are too long cut at white space or where it must be: spans in order, without overlap, that
 * cover all but white space, each of at most `limit` tokens.
 */
export function* splitText(text: string, limit: number): Generator<Span & { readonly tokens: number }> {
  for (let from = 0; from < text.length; ) {
    const rest = text.length - from;
    const length = rest <= WINDOW_UNITS ? rest : cutPoint(text.slice(from, from + WINDOW_UNITS), WINDOW_UNITS);
    for (const sentence of sentences(text.slice(from, from + length))) {
      const span = { start: from + sentence.start, end: from + sentence.end };
      yield* bounded(text, span, limit);
    }
    from += length;
  }
}

function* bounded(text: string, span: Span, limit: number): Generator<Span & { readonly tokens: number }> {
  const tokens = countTokens(text.slice(span.start, span.end));
  if (tokens <= limit) {
    yield { ...span, tokens };
    return;
  }
  for (const cut of hardCuts(text, span, limit)) yield { ...cut, tokens: countTokens(text.slice(cut.start, cut.end)) };
}
