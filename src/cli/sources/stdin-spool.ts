import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Source } from '../../ingestion/ingestion.types.ts';

/** Hexadecimal digits of a name made from content: 128 bits, as all content hashes of the service. */
const NAME_DIGITS = 32;

/** Standard input as a source. It is written to a temporary file first, because its name is the hash of all of it. */
export class StdinSpool {
  #folder: string | undefined;

  /** Reads standard input to its end. To be called once. */
  async source(signal: AbortSignal): Promise<Extract<Source, { kind: 'stream' }>> {
    this.#folder = await mkdtemp(join(tmpdir(), 'graphrag-chat-'));
    const file = join(this.#folder, 'stdin');
    const hash = createHash('sha256');
    const hashing = async function* (bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const part of bytes) {
        hash.update(part);
        yield part;
      }
    };
    await pipeline(process.stdin, hashing, createWriteStream(file, { mode: 0o600 }), { signal });
    return { kind: 'stream', name: 'stdin', externalId: hash.digest('hex').slice(0, NAME_DIGITS), open: () => createReadStream(file) };
  }

  /** Removes the temporary file, if there is one. */
  async remove(): Promise<void> {
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
  }
}
