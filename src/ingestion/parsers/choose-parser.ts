import { type DocumentParser, MAX_BLOCK_UNITS, type TextSample } from '../document-parser.port.ts';
import { MarkdownParser } from './markdown.parser.ts';
import { PlainTextParser } from './plain-text.parser.ts';
import { TranscriptParser } from './transcript.parser.ts';

const PLAIN = new PlainTextParser();

/** The parsers of texts. A new format is a new parser in this list. */
export const TEXT_PARSERS: readonly DocumentParser[] = [new TranscriptParser(), new MarkdownParser(), PLAIN];

const JSONL_NAME = /\.(?:jsonl|ndjson)$/;

/** The parser that is surest of a text. */
export function chooseParser(sample: TextSample): DocumentParser {
  let best: DocumentParser = PLAIN;
  let confidence = 0;
  for (const parser of TEXT_PARSERS) {
    const own = parser.confidence(sample);
    if (own > confidence) [best, confidence] = [parser, own];
  }
  return best;
}

/**
 * Whether a text is a list of records, one JSON object a line: its name says so, or its first two lines are objects with a text.
 */
export function isRecordList(sample: TextSample): boolean {
  if (JSONL_NAME.test(sample.name)) return true;
  if (!/^\s*\{"/.test(sample.text)) return false;
  const lines = sample.text.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(0, 2).every((line) => isRecord(line));
}

function isRecord(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'id' in value && 'text' in value;
  } catch {
    return false;
  }
}

/** Makes a sample of the first text of a source: whole lines, if there are any. */
export function sampleOf(text: string, name: string): TextSample {
  const head = text.slice(0, MAX_BLOCK_UNITS);
  const end = head.length < text.length ? head.lastIndexOf('\n') + 1 : 0;
  return { text: end > 0 ? head.slice(0, end) : head, name: name.toLowerCase() };
}
