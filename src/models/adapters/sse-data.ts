import { createParser } from 'eventsource-parser';

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/** The data of OpenAI's last event. */
export const DONE = '[DONE]';
const READ_OUT_MS = 1000;

/**
 * The data of each server-sent event of a body, in order. Throws what reading the body throws. A body of which `[DONE]` was read is
 * read to its end in the background, so that its connection can be used again; one that is left before is cancelled.
 */
export async function* sseData(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader: Reader = body.getReader();
  const decoder = new TextDecoder();
  const found: string[] = [];
  const parser = createParser({ onEvent: (event) => found.push(event.data) });
  let over = false;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parser.feed(decoder.decode(part.value, { stream: true }));
      for (const data of found.splice(0)) {
        over ||= data === DONE;
        yield data;
      }
    }
  } finally {
    if (over) void readOut(reader);
    else reader.cancel().catch(() => undefined);
  }
}

async function readOut(reader: Reader): Promise<void> {
  AbortSignal.timeout(READ_OUT_MS).addEventListener('abort', () => {
    reader.cancel().catch(() => undefined);
  });
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read());
  } catch {
    // Nothing of the answer is lost any more.
  }
}
