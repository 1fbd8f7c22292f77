import { Parser } from 'htmlparser2';
import type { ConversionLimits, ReadBlock, ReadFacts } from '../conversion.types.ts';
import { ReadFault } from '../read-fault.ts';
import { textOf, unpacked } from './archive.ts';

const SLIDE = /^ppt\/slides\/slide(\d+)\.xml$/;

/** Presentations slide by slide: titles as headings, paragraphs, rows of tables. */
export async function* readPptx(bytes: Uint8Array, limits: ConversionLimits): AsyncGenerator<ReadBlock, ReadFacts> {
  const files = unpacked(bytes, (name) => SLIDE.test(name), limits);
  const slides = [...files].map(([name, content]) => [Number(SLIDE.exec(name)?.[1]), content] as const).sort(([a], [b]) => a - b);
  if (slides.length > limits.maxPages) throw new ReadFault('document-limit', `It has more than ${String(limits.maxPages)} slides.`);
  let title: string | undefined;
  let found = 0;
  for (const [page, content] of slides) {
    for (const block of slideBlocks(textOf(content))) {
      found += 1;
      if (block.kind === 'heading') title ??= block.text;
      yield { ...block, page };
    }
    await Promise.resolve();
  }
  if (found === 0) throw new ReadFault('document-no-text', 'There is no text on its slides.');
  return { title };
}

/** DrawingML: a shape is `p:sp`, its role `p:ph`, a paragraph `a:p`, a run's text `a:t`, a row and its cells `a:tr` and `a:tc`. */
function slideBlocks(xml: string): ReadBlock[] {
  const blocks: ReadBlock[] = [];
  let [text, isTitle, inText] = ['', false, false];
  let cells: string[] | undefined;
  const paragraph = (): void => {
    const found = text.replaceAll(/\s+/gu, ' ').trim();
    text = '';
    if (found === '') return;
    if (cells === undefined) blocks.push(isTitle ? { kind: 'heading', text: found, level: 2 } : { kind: 'paragraph', text: found });
    else cells[cells.length - 1] = [cells.at(-1), found].filter((part) => part !== '').join(' ');
  };
  const opened: Readonly<Record<string, (attributes: Readonly<Record<string, string>>) => void>> = {
    'p:sp': () => { isTitle = false; },
    'p:ph': ({ type = '' }) => { isTitle = type === 'title' || type === 'ctrTitle'; },
    'a:tr': () => { cells = []; },
    'a:tc': () => { cells?.push(''); },
    'a:t': () => { inText = true; },
    'a:br': () => { text += ' '; },
  };
  const closed: Readonly<Record<string, () => void>> = {
    'a:t': () => { inText = false; },
    'a:p': paragraph,
    'a:tr': () => {
      const row = cells?.filter((cell) => cell !== '').join(' | ') ?? '';
      cells = undefined;
      if (row !== '') blocks.push({ kind: 'table', text: row });
    },
  };
  const parser = new Parser(
    {
      onopentag: (name, attributes) => { opened[name]?.(attributes); },
      ontext: (part) => { if (inText) text += part; },
      onclosetag: (name) => { closed[name]?.(); },
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.end(xml);
  return blocks;
}
