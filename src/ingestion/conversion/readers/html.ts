import type { ConversionLimits, ReadBlock, ReadFacts } from '../conversion.types.ts';
import { ReadFault } from '../read-fault.ts';
import { HtmlBlocks } from './html-blocks.ts';

/** Bytes that are parsed before what was found is handed on. */
const PART_BYTES = 65_536;

const CHARSET = /<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{2,40})/i;

/** What a page shows: headings, paragraphs, lists and rows of tables. Scripts, styles and what is hidden are left out. */
export async function* readHtml(bytes: Uint8Array, _limits: ConversionLimits): AsyncGenerator<ReadBlock, ReadFacts> {
  const decoder = decoderOf(bytes);
  const page = new HtmlBlocks();
  let found = 0;
  for (let from = 0; from < bytes.length; from += PART_BYTES) {
    page.write(decoder.decode(bytes.subarray(from, from + PART_BYTES), { stream: true }));
    const blocks = page.drain();
    found += blocks.length;
    yield* blocks;
    await Promise.resolve();
  }
  page.end(decoder.decode());
  const last = page.drain();
  if (found + last.length === 0) throw new ReadFault('document-no-text', 'The page shows no text.');
  yield* last;
  return { title: page.title };
}

/** The blocks of HTML that another reader has made. */
export function* blocksOfHtml(html: string): Generator<ReadBlock> {
  const page = new HtmlBlocks();
  for (let from = 0; from < html.length; from += PART_BYTES) {
    page.write(html.slice(from, from + PART_BYTES));
    yield* page.drain();
  }
  page.end('');
  yield* page.drain();
}

/** A byte order mark wins, then what the page says itself, else UTF-8, else what browsers take for it. */
function decoderOf(bytes: Uint8Array): InstanceType<typeof TextDecoder> {
  const mark = `${String(bytes[0])} ${String(bytes[1])}`;
  if (mark === '255 254') return new TextDecoder('utf-16le');
  if (mark === '254 255') return new TextDecoder('utf-16be');
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 4096));
  const label = [CHARSET.exec(head)?.[1] ?? 'utf-8', 'utf-8'].find((each) => fits(each, bytes)) ?? 'windows-1252';
  return new TextDecoder(label);
}

function fits(label: string, bytes: Uint8Array): boolean {
  try {
    new TextDecoder(label, { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
