/*
 * Reads files of formats that are not plain text. What such a file may do to its reader (take all memory, take for ever, crash) it does to
 * this thread only, which is replaced.
 */
import { parentPort } from 'node:worker_threads';
import type { BinaryFormat, ConversionFault, ConversionReply, ConversionRequest, FormatReader, ReadBlock } from './conversion.types.ts';
import { ReadFault } from './read-fault.ts';

/** Text of a message, in UTF-16 units, and messages that may be sent before the reader has asked for more. */
const MESSAGE_UNITS = 32_768;
const AHEAD = 4;

const READERS: Readonly<Record<BinaryFormat, () => Promise<FormatReader>>> = {
  pdf: async () => (await import('./readers/pdf.ts')).readPdf,
  docx: async () => (await import('./readers/docx.ts')).readDocx,
  xlsx: async () => (await import('./readers/xlsx.ts')).readXlsx,
  pptx: async () => (await import('./readers/pptx.ts')).readPptx,
  html: async () => (await import('./readers/html.ts')).readHtml,
  'json-turns': async () => (await import('./readers/json-turns.ts')).readJsonTurns,
};

const port = parentPort;
let credit = 0;
let wake: (() => void) | undefined;

function say(reply: ConversionReply): void {
  port?.postMessage(reply);
}

async function send(blocks: readonly ReadBlock[]): Promise<void> {
  while (credit === 0) await new Promise<void>((resolve) => (wake = resolve));
  credit -= 1;
  say({ kind: 'blocks', blocks });
}

async function convert({ format, bytes, limits }: Extract<ConversionRequest, { kind: 'convert' }>): Promise<void> {
  const reader = await READERS[format]();
  const blocks = reader(bytes, limits);
  let [batch, units]: [ReadBlock[], number] = [[], 0];
  let step = await blocks.next();
  for (; step.done !== true; step = await blocks.next()) {
    batch.push(step.value);
    units += step.value.text.length;
    if (units < MESSAGE_UNITS) continue;
    await send(batch);
    [batch, units] = [[], 0];
  }
  if (batch.length > 0) await send(batch);
  say({ kind: 'done', facts: step.value });
}

function faultOf(error: unknown): ConversionFault {
  if (error instanceof ReadFault) return error.fault;
  const reason = error instanceof Error ? error.message : String(error);
  return { code: 'document-malformed', message: `It cannot be read: ${reason.slice(0, 300)}.`, remedy: 'Open it in the program it comes from and save it anew.' };
}

port?.on('message', (request: ConversionRequest) => {
  if (request.kind === 'more') {
    credit += 1;
    wake?.();
    return;
  }
  credit = AHEAD;
  convert(request).catch((error: unknown) => { say({ kind: 'fault', fault: faultOf(error) }); });
});
