import { SingleBar } from 'cli-progress';
import type { Terminal } from './terminal.ts';

const MEGABYTE = 1_000_000;

/** How far something is. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** Bytes are shown as megabytes, all else as it is. */
  readonly unit: string;
  /** What is under work. */
  readonly current?: string;
}

/** A progress bar on stderr; draws nothing when no person watches. */
export class ProgressBar {
  readonly #bar: SingleBar | undefined;
  #started = false;

  constructor(terminal: Terminal) {
    if (!terminal.interactive) return;
    this.#bar = new SingleBar({
      stream: process.stderr,
      format: '{bar} {percentage}% | {shown} of {whole} {unit} | {current}',
      barsize: 30,
      hideCursor: true,
      clearOnComplete: true,
      stopOnComplete: false,
      barCompleteChar: '#',
      barIncompleteChar: '.',
    });
  }

  update(progress: Progress): void {
    if (this.#bar === undefined) return;
    const { done, total, unit, current = '' } = progress;
    const scale = unit === 'bytes' ? MEGABYTE : 1;
    const show = (value: number): string => (unit === 'bytes' ? (value / scale).toFixed(1) : String(value));
    const payload = { shown: show(done), whole: show(total), unit: unit === 'bytes' ? 'MB' : unit, current: current.slice(-50) };
    if (!this.#started) this.#bar.start(total, done, payload);
    this.#started = true;
    this.#bar.setTotal(total);
    this.#bar.update(done, payload);
  }

  stop(): void {
    if (this.#started) this.#bar?.stop();
  }
}
