import type { TextSample } from '../document-parser.port.ts';
import { IngestionError } from '../ingestion.errors.ts';
import type { BinaryFormat } from './conversion.types.ts';
import { turnsIn } from './turns.ts';

/** How a document is read that is not taken as the text it is. */
export type Conversion =
  | { readonly way: 'thread'; readonly format: BinaryFormat; readonly mediaType: string }
  | { readonly way: 'cues'; readonly format: 'vtt' | 'srt'; readonly mediaType: string }
  | { readonly way: 'rows'; readonly format: 'csv'; readonly mediaType: string; readonly delimiter: string };

/** Grows when a format comes out differently, so that documents are read again. */
export const CONVERSION_VERSION = 1;

const OFFICE = 'application/vnd.openxmlformats-officedocument';
const OFFICE_FORMATS: readonly (readonly [format: 'docx' | 'xlsx' | 'pptx', folder: string, mediaType: string])[] = [
  ['docx', 'word/', `${OFFICE}.wordprocessingml.document`],
  ['xlsx', 'xl/', `${OFFICE}.spreadsheetml.sheet`],
  ['pptx', 'ppt/', `${OFFICE}.presentationml.presentation`],
];
/** A PDF may have something in front of it. */
const PDF_WITHIN = 1024;
const DELIMITERS = [',', ';', '\t', '|'];
/** So many lines alike make a table of a text whose name does not say so. */
const TABLE_LINES = 5;

const HTML_START = /^\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--[\s\S]{0,2000}?-->\s*)*(?:<!doctype html|<html[\s>])/i;
const VTT_START = /^\ufeff?WEBVTT(?:[ \t\r\n]|$)/;
const SRT_START = /^\ufeff?\s*\d{1,6}\s*\r?\n\s*\d{1,3}:\d{2}:\d{2}[,.]\d{1,3}\s*-->/;

/**
 * The format of bytes that are no text, by what they begin with; a name only decides where those are the same.
 * @throws IngestionError `document-format-unknown` for a ZIP archive or an old Office file that is none of the formats
 */
export function binaryFormatOf(head: Uint8Array, name: string): Conversion | undefined {
  const start = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1');
  if (start.slice(0, PDF_WITHIN).includes('%PDF-')) return { way: 'thread', format: 'pdf', mediaType: 'application/pdf' };
  if (start.startsWith('PK\u0003\u0004') || start.startsWith('PK\u0005\u0006')) return officeFormat(start, name);
  if (!start.startsWith('\u00d0\u00cf\u0011\u00e0')) return undefined;
  throw new IngestionError('document-format-unknown', 'This is an old or an encrypted Office file.', { remedy: 'Save it as .docx, .xlsx, .pptx or PDF, without a password.' });
}

function officeFormat(start: string, name: string): Conversion {
  const found = OFFICE_FORMATS.find(([, folder]) => start.includes(folder)) ?? OFFICE_FORMATS.find(([format]) => name.toLowerCase().endsWith(`.${format}`));
  if (found === undefined) {
    throw new IngestionError('document-format-unknown', 'This is a ZIP archive that is no Word, Excel or PowerPoint document.', { remedy: 'Unpack it and give its files.' });
  }
  return { way: 'thread', format: found[0], mediaType: found[2] };
}

/** The format of a text that is not read as the text it is. */
export function textFormatOf(sample: TextSample): Conversion | undefined {
  const { text, name } = sample;
  if (VTT_START.test(text)) return { way: 'cues', format: 'vtt', mediaType: 'text/vtt' };
  if (SRT_START.test(text)) return { way: 'cues', format: 'srt', mediaType: 'application/x-subrip' };
  if (isHtml(sample)) return { way: 'thread', format: 'html', mediaType: 'text/html' };
  if (isTurns(text)) return { way: 'thread', format: 'json-turns', mediaType: 'application/json' };
  const delimiter = delimiterOf(text, name);
  if (delimiter === undefined) return undefined;
  return { way: 'rows', format: 'csv', mediaType: delimiter === '\t' ? 'text/tab-separated-values' : 'text/csv', delimiter };
}

function isHtml({ text, name }: TextSample): boolean {
  return HTML_START.test(text) || (/\.x?html?$/.test(name) && /<[a-z][\w-]*[\s/>]/i.test(text));
}

function isTurns(text: string): boolean {
  if (!/^\ufeff?\s*[[{]/.test(text)) return false;
  try {
    return turnsIn(JSON.parse(text.replace(/^\ufeff/, ''))) !== undefined;
  } catch {
    // Only the beginning of it is here.
    const keys = /"(?:speaker|speaker_name|speakerName|speaker_label)"\s*:/.test(text) && /"(?:text|transcript|content|utterance)"\s*:/.test(text);
    return keys && text.length > 1000;
  }
}

function delimiterOf(text: string, name: string): string | undefined {
  const named = /\.(?:csv|tsv|tab)$/.test(name);
  // A table of Markdown is part of its text.
  if (/\.(?:md|mdx|markdown)$/.test(name)) return undefined;
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '').slice(0, 20);
  if (lines.length < (named ? 1 : TABLE_LINES)) return undefined;
  const best = evenDelimiter(lines, named ? 1 : 2);
  if (best !== undefined || !named) return best;
  return name.endsWith('.csv') ? ',' : '\t';
}

/** What every line has the same number of, and most of. */
function evenDelimiter(lines: readonly string[], least: number): string | undefined {
  const even = DELIMITERS.flatMap((delimiter) => {
    const [count = 0, ...others] = lines.map((line) => outsideQuotes(line, delimiter));
    return count >= least && others.every((other) => other === count) ? [{ delimiter, count }] : [];
  });
  return even.toSorted((a, b) => b.count - a.count)[0]?.delimiter;
}

function outsideQuotes(line: string, delimiter: string): number {
  return line.replaceAll(/"[^"]*"/g, '').split(delimiter).length - 1;
}
