import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** What a measured process tells of itself. */
export interface ProbeAnswer {
  /** Time between two runs of a 10 ms timer, in milliseconds: 10 and a little when nothing holds the loop up. */
  readonly delayMs: { readonly p50: number; readonly p99: number; readonly p999: number; readonly max: number };
  readonly rssBytes: number;
  readonly peakRssBytes: number;
}

const KEEP_ALIVE = 'setInterval(() => undefined, 60_000)';
const STOP_MS = 30_000;

function probeUrl(): string {
  // Beside this file, as source under test and as build otherwise.
  return new URL(`./event-loop-probe${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url).href;
}

/** A Node process whose event loop is watched from its start. */
export class ObservedProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;

  /** @param args what to run, as after `node` */
  constructor(args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
    this.#child = spawn(process.execPath, ['--import', probeUrl(), ...args], { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.#exited = once(this.#child, 'exit');
  }

  /** A process that does nothing, to compare with: what the machine itself makes of timers at the time. */
  static idle(): ObservedProcess {
    return new ObservedProcess(['-e', KEEP_ALIVE]);
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Forgets what was measured so far. */
  reset(): void {
    this.#child.send('reset');
  }

  /** What was measured since the start or the last reset. */
  async report(): Promise<ProbeAnswer> {
    const answered = once(this.#child, 'message');
    this.#child.send('report');
    const [answer] = (await answered) as [ProbeAnswer];
    return answer;
  }

  /** Ends it, by force if it does not end by itself within half a minute. */
  async stop(): Promise<void> {
    if (!this.running) return;
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS);
    this.#child.kill('SIGTERM');
    await this.#exited;
    clearTimeout(timer);
  }
}
