import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Gate } from '../../common/concurrency/gate.ts';
import { IngestionError } from '../ingestion.errors.ts';
import type { BinaryFormat, ReadBlock, ReadFacts } from './conversion.types.ts';
import { ConversionThread, type ThreadLimits } from './conversion-thread.ts';

/** Documents converted at once. */
const THREADS = 2;
/** A file of such a format is held in memory whole. */
const MAX_BYTES = 200_000_000;

const LIMITS: ThreadLimits = { maxPages: 10_000, maxUnpackedBytes: 400_000_000, silentMs: 30_000 };

/** Reads documents of formats that are not plain text, each in a thread of its own with bounds of memory, time and pages. */
@Injectable()
export class DocumentConverter implements OnApplicationShutdown {
  readonly #gate = new Gate(THREADS);
  readonly #idle: ConversionThread[] = [];

  /**
   * The blocks of a document, and what else it says about itself.
   * @throws IngestionError `document-encrypted`, `document-malformed`, `document-limit`, `document-no-text`; what `bytes` throws; the
   * signal's reason
   */
  async *convert(format: BinaryFormat, bytes: AsyncIterable<Uint8Array>, signal?: AbortSignal, limits: Partial<ThreadLimits> = {}): AsyncGenerator<ReadBlock, ReadFacts> {
    const leave = await entered(this.#gate, signal);
    const thread = this.#idle.pop() ?? new ConversionThread();
    try {
      return yield* blocksOf(thread.convert(format, await whole(bytes), { limits: { ...LIMITS, ...limits }, signal }));
    } finally {
      if (thread.alive) this.#idle.push(thread);
      leave();
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((thread) => thread.stop()));
  }
}

/** The blocks of messages. When the reader leaves, the thread hears of it and takes no other document. */
async function* blocksOf(messages: AsyncGenerator<readonly ReadBlock[], ReadFacts>): AsyncGenerator<ReadBlock, ReadFacts> {
  try {
    let step = await messages.next();
    for (; step.done !== true; step = await messages.next()) yield* step.value;
    return step.value;
  } finally {
    await messages.return({});
  }
}

function entered(gate: Gate, signal: AbortSignal | undefined): Promise<() => void> {
  return new Promise((resolve, reject) => {
    gate.run(() => new Promise<void>((leave) => { resolve(leave); }), signal).catch(reject);
  });
}

async function whole(bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of bytes) {
    size += part.length;
    if (size > MAX_BYTES) throw new IngestionError('document-limit', `It is larger than ${String(MAX_BYTES / 1_000_000)} MB.`, { remedy: 'Split it, or convert it to plain text first.' });
    parts.push(part.slice());
  }
  const out = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
