import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { projectRoot } from '../../src/config/project-root.ts';

const LAUNCHER = join(projectRoot(), 'scripts', 'launch.mjs');

/** What a process left behind. */
export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly output: string;
}

/** A real process of the built program, as a user starts it. */
export class RunningProcess {
  output = '';
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;

  /** @param env settings; of the environment around the tests only what finds programs and folders is passed on */
  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const { PATH = '', HOME = '', TEMP = '' } = process.env;
    this.#child = spawn(process.execPath, [LAUNCHER, ...args], { env: { PATH, HOME, TEMP, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream?.on('data', (part: Buffer) => (this.output += part.toString()));
    this.ended = once(this.#child, 'close').then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as string | null,
      output: this.output,
    }));
  }

  /** Resolves with what `pattern` finds in the output, which it may not have said yet. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.output);
      if (found !== null) return found;
      const more = Promise.race([once(this.#child.stdout ?? this.#child, 'data'), once(this.#child.stderr ?? this.#child, 'data')]);
      const end = this.ended.then(({ output }) => {
        throw new Error(`The process ended before it said ${String(pattern)}:\n${output}`);
      });
      await Promise.race([more, end]);
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}
