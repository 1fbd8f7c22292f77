import { setImmediate as turn } from 'node:timers/promises';
import { createParser } from 'eventsource-parser';

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/**
 * The data of each server-sent event of a body, in order. Throws what reading the body throws. When the reader of this leaves, a
 * body that is at its end is read out, so that its connection can be used again; any other body is cancelled.
 */
export async function* sseData(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader: Reader = body.getReader();
  const decoder = new TextDecoder();
  const found: string[] = [];
  const parser = createParser({ onEvent: (event) => found.push(event.data) });
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parser.feed(decoder.decode(part.value, { stream: true }));
      yield* found.splice(0);
    }
  } finally {
    await finishOrCancel(reader);
  }
}

async function finishOrCancel(reader: Reader): Promise<void> {
  const rest = reader.read().then(
    ({ done }) => done,
    () => true,
  );
  const over = await Promise.race([rest, turn(false)]);
  if (!over) reader.cancel().catch(() => undefined);
}
