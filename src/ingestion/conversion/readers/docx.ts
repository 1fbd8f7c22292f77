import mammoth from 'mammoth';
import type { ConversionLimits, ReadBlock, ReadFacts } from '../conversion.types.ts';
import { ReadFault } from '../read-fault.ts';
import { bounded, textOf } from './archive.ts';
import { blocksOfHtml } from './html.ts';

const STYLES = ["p[style-name='Title'] => h1:fresh", "p[style-name='Subtitle'] => h2:fresh"];
const CORE = 'docProps/core.xml';
const TITLE = /<dc:title[^>]*>([^<]{1,300})<\/dc:title>/;

/** Word documents: headings, lists and tables kept; pictures, macros and comments left out. */
export async function* readDocx(bytes: Uint8Array, limits: ConversionLimits): AsyncGenerator<ReadBlock, ReadFacts> {
  const { files, archive } = bounded(bytes, limits);
  const { value: html } = await mammoth.convertToHtml(
    { buffer: Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength) },
    { styleMap: STYLES, convertImage: mammoth.images.imgElement(() => Promise.resolve({ src: '' })), externalFileAccess: false },
  );
  let found = 0;
  for (const block of blocksOfHtml(html)) {
    found += 1;
    yield block;
  }
  if (found === 0) throw new ReadFault('document-no-text', 'There is no text in it.');
  const core = files.get(CORE);
  return { title: core === undefined ? undefined : TITLE.exec(textOf(core))?.[1]?.trim() };
}
