import { getDocumentProxy } from 'unpdf';
import type { ConversionLimits, ReadBlock, ReadFacts } from '../conversion.types.ts';
import { ReadFault } from '../read-fault.ts';
import { PageLines, type TextRun } from './pdf-lines.ts';

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>;

/** A title that its program made up is none. */
const NO_TITLE = /^(?:untitled|microsoft word - .*|.*\.(?:docx?|tex|dvi|indd|pdf|qxd|fm))$/i;

/** Pages in reading order, with the headings that their fonts tell. */
export async function* readPdf(bytes: Uint8Array, { maxPages }: ConversionLimits): AsyncGenerator<ReadBlock, ReadFacts> {
  const pdf = await opened(bytes);
  try {
    if (pdf.numPages > maxPages) throw new ReadFault('document-limit', `It has ${String(pdf.numPages)} pages, more than ${String(maxPages)}.`, 'Split it.');
    const lines = new PageLines();
    let found = 0;
    let reason: string | undefined;
    for (let page = 1; page <= pdf.numPages; page += 1) {
      const runs = await textItems(pdf, page);
      // One bad page costs only itself.
      if (typeof runs === 'string') reason = runs;
      for (const block of typeof runs === 'string' ? [] : lines.blocks(runs)) {
        found += 1;
        yield { ...block, page };
      }
    }
    if (found === 0) throw reason === undefined ? noText(pdf.numPages) : new ReadFault('document-malformed', `None of its pages can be read: ${reason}`);
    return { title: await titleOf(pdf) };
  } finally {
    await pdf.loadingTask.destroy();
  }
}

async function opened(bytes: Uint8Array): Promise<Pdf> {
  try {
    return await getDocumentProxy(bytes, { verbosity: 0, disableFontFace: true, useSystemFonts: false });
  } catch (error) {
    if (error instanceof Error && error.name === 'PasswordException') {
      throw new ReadFault('document-encrypted', 'It is encrypted and asks for a password.', 'Save it without a password.', error);
    }
    throw new ReadFault('document-malformed', `It is no readable PDF: ${error instanceof Error ? error.message : String(error)}`, 'Open it in a PDF reader and save it anew.', error);
  }
}

/** The runs of text of a page, or why it cannot be read. */
async function textItems(pdf: Pdf, number: number): Promise<readonly TextRun[] | string> {
  try {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    page.cleanup();
    return items.flatMap((item) => ('str' in item ? [item] : []));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function titleOf(pdf: Pdf): Promise<string | undefined> {
  try {
    const { info } = await pdf.getMetadata();
    const title = (info as { Title?: unknown }).Title;
    return typeof title === 'string' && title.trim() !== '' && !NO_TITLE.test(title.trim()) ? title.trim() : undefined;
  } catch {
    return undefined;
  }
}

function noText(pages: number): ReadFault {
  return new ReadFault('document-no-text', `Its ${String(pages)} ${pages === 1 ? 'page holds' : 'pages hold'} no text, only pictures at most.`, 'If it is a scan, recognise its text (OCR) first.');
}
