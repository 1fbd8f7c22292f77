import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** What disturbs the connections of a proxy; read anew for every piece. */
export interface Faults {
  delayMs: { readonly toServer: number; readonly toClient: number };
  jitterMs: number;
  maxSlice: number;
  /** Bytes to the client after which the connection is reset. */
  limit: number;
  /** Settles when bytes may go on. */
  stalled: PromiseWithResolvers<undefined> | undefined;
  readonly random: () => number;
}

/** One direction of one connection. */
export interface PipeEnds {
  readonly from: Socket;
  readonly to: Socket;
  readonly direction: 'toServer' | 'toClient';
}

interface Waiting {
  readonly bytes: Buffer;
  /** On the clock of `performance.now()`. */
  readonly dueMs: number;
}

/** Beyond this the sender is held up, as it would be by a real network. */
const MAX_WAITING_BYTES = 4_000_000;

/** Carries bytes from one socket to another, in order, through the faults. */
export class FaultyPipe {
  readonly #ends: PipeEnds;
  readonly #faults: Faults;
  readonly #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #lastDueMs = 0;
  #passed = 0;
  #ended = false;
  #pumping = false;

  constructor(ends: PipeEnds, faults: Faults) {
    this.#ends = ends;
    this.#faults = faults;
  }

  start(): void {
    const { from } = this.#ends;
    from.on('data', (bytes: Buffer) => {
      this.#take(bytes);
    });
    from.once('end', () => {
      this.#ended = true;
      this.#wake();
    });
  }

  #take(bytes: Buffer): void {
    const { delayMs, jitterMs, random } = this.#faults;
    const dueMs = performance.now() + delayMs[this.#ends.direction] + (jitterMs === 0 ? 0 : random() * jitterMs);
    this.#lastDueMs = Math.max(this.#lastDueMs, dueMs);
    this.#waiting.push({ bytes, dueMs: this.#lastDueMs });
    this.#waitingBytes += bytes.byteLength;
    if (this.#waitingBytes > MAX_WAITING_BYTES) this.#ends.from.pause();
    this.#wake();
  }

  #wake(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    void this.#pump();
  }

  async #pump(): Promise<void> {
    const { to } = this.#ends;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const leftMs = next.dueMs - performance.now();
      if (leftMs > 0) await delay(leftMs);
      for (const piece of this.#slices(next.bytes)) if (!(await this.#pass(piece))) return;
      this.#leave(next.bytes);
    }
    this.#pumping = false;
    if (this.#ended && !to.destroyed) to.end();
  }

  #leave(bytes: Buffer): void {
    const { from } = this.#ends;
    this.#waitingBytes -= bytes.byteLength;
    if (from.isPaused() && this.#waitingBytes <= MAX_WAITING_BYTES) from.resume();
  }

  *#slices(bytes: Buffer): Generator<Buffer> {
    const { maxSlice, random } = this.#faults;
    for (let start = 0; start < bytes.byteLength; ) {
      const size = Number.isFinite(maxSlice) ? 1 + Math.floor(random() * maxSlice) : bytes.byteLength;
      yield bytes.subarray(start, start + size);
      start += size;
    }
  }

  /** False once nothing can be passed on any more. */
  async #pass(piece: Buffer): Promise<boolean> {
    const { to, direction } = this.#ends;
    const { stalled, limit } = this.#faults;
    if (stalled !== undefined) await stalled.promise;
    if (to.destroyed) return false;
    const allowed = direction === 'toClient' ? piece.subarray(0, Math.max(0, limit - this.#passed)) : piece;
    this.#passed += allowed.byteLength;
    await write(to, allowed);
    // A turn of the event loop, so that the reader finds the piece alone.
    if (Number.isFinite(this.#faults.maxSlice)) await new Promise((resolve) => setImmediate(resolve));
    if (allowed.byteLength === piece.byteLength) return true;
    to.resetAndDestroy();
    return false;
  }
}

/** Waits until the bytes are on their way, so that the next piece does not join them in one segment. */
async function write(to: Socket, bytes: Buffer): Promise<void> {
  if (bytes.byteLength === 0 || to.destroyed) return;
  if (to.connecting) await Promise.race([once(to, 'connect'), once(to, 'close')]).catch(() => undefined);
  await new Promise<void>((resolve) => {
    const closed = (): void => {
      resolve();
    };
    to.once('close', closed);
    to.write(bytes, () => {
      to.removeListener('close', closed);
      resolve();
    });
  });
}
