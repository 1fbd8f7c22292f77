import { Worker } from 'node:worker_threads';
import { IngestionError } from '../ingestion.errors.ts';
import type { BinaryFormat, ConversionLimits, ConversionReply, ConversionRequest, ReadBlock, ReadFacts } from './conversion.types.ts';

/** A thread has so much memory for its objects; what it needs more ends it. */
const HEAP_MB = 384;

/** What a conversion may take. */
export interface ThreadLimits extends ConversionLimits {
  /** Milliseconds without a sign of progress. */
  readonly silentMs: number;
}

/** One worker thread, which converts one document at a time. */
export class ConversionThread {
  readonly #worker: Worker;
  readonly #replies: ConversionReply[] = [];
  #wake: (() => void) | undefined;
  #ended: string | undefined;

  constructor() {
    const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
    this.#worker = new Worker(new URL(`./conversion.worker${extension}`, import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: 32 },
      // What a reader prints about a broken file is no output of the service.
      stdout: true,
      stderr: true,
    });
    this.#worker.stdout.resume();
    this.#worker.stderr.resume();
    this.#worker.on('message', (reply: ConversionReply) => {
      this.#replies.push(reply);
      this.#wake?.();
    });
    this.#worker.on('error', (error: Error & { code?: string }) => {
      this.#ended = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? `it needs more than ${String(HEAP_MB)} MB of memory` : error.message;
      this.#wake?.();
    });
    this.#worker.on('exit', () => {
      this.#ended ??= 'its reader ended unexpectedly';
      this.#wake?.();
    });
    this.#worker.unref();
  }

  /** Whether it can take another document. */
  get alive(): boolean {
    return this.#ended === undefined;
  }

  async stop(): Promise<void> {
    this.#ended ??= 'it was stopped';
    await this.#worker.terminate();
  }

  /**
   * The document's blocks, a message at a time. Leaving early ends the thread.
   * @throws IngestionError `document-encrypted`, `document-malformed`, `document-limit`, `document-no-text`; the signal's reason
   */
  async *convert(
    format: BinaryFormat,
    bytes: Uint8Array<ArrayBuffer>,
    { limits, signal }: { readonly limits: ThreadLimits; readonly signal: AbortSignal | undefined },
  ): AsyncGenerator<readonly ReadBlock[], ReadFacts> {
    let finished = false;
    this.#replies.length = 0;
    this.#worker.ref();
    try {
      const { silentMs, ...rest } = limits;
      this.#worker.postMessage({ kind: 'convert', format, bytes, limits: rest } satisfies ConversionRequest, [bytes.buffer]);
      for (;;) {
        const reply = await this.#next(silentMs, signal);
        if (reply.kind === 'blocks') {
          yield reply.blocks;
          this.#worker.postMessage({ kind: 'more' } satisfies ConversionRequest);
          continue;
        }
        finished = true;
        if (reply.kind === 'done') return reply.facts;
        const { code, message, remedy } = reply.fault;
        throw new IngestionError(code, message, remedy === undefined ? {} : { remedy });
      }
    } finally {
      // What is in the middle of something cannot take another document.
      if (!finished) await this.stop();
      this.#worker.unref();
    }
  }

  async #next(silentMs: number, signal: AbortSignal | undefined): Promise<ConversionReply> {
    for (;;) {
      signal?.throwIfAborted();
      const reply = this.#replies.shift();
      if (reply !== undefined) return reply;
      if (this.#ended !== undefined) throw limitFault(`It cannot be read within the limits: ${this.#ended}.`);
      if (!(await this.#change(silentMs, signal))) throw limitFault(`Nothing came of it for ${String(silentMs / 1000)} s.`);
    }
  }

  /** Whether something happened in time. A real timer: the thread's work takes real time. */
  #change(ms: number, signal: AbortSignal | undefined): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => { done(false); }, ms);
      const done = (inTime: boolean): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', aborted);
        this.#wake = undefined;
        resolve(inTime);
      };
      const aborted = (): void => { done(true); };
      signal?.addEventListener('abort', aborted, { once: true });
      this.#wake = () => { done(true); };
    });
  }
}

function limitFault(message: string): IngestionError {
  return new IngestionError('document-limit', message, { remedy: 'Split it, or convert it to plain text first; the other files are not concerned.' });
}
