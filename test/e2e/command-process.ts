import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/config/project-root.ts';

const LAUNCHER = join(projectRoot(), 'scripts', 'launch.mjs');

/** What a command printed and how it ended. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The one JSON value on stdout. */
  readonly json: () => unknown;
}

/** Of the environment around the tests only what finds programs and folders is passed on. */
function aroundTests(): NodeJS.ProcessEnv {
  const { PATH, HOME, TEMP } = process.env;
  return { PATH, HOME, TEMP };
}

function onlyLine({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): unknown {
  const lines = stdout.trimEnd().split('\n');
  if (lines.length !== 1) throw new Error(`Not one line of JSON:\n${stdout}\n${stderr}`);
  return JSON.parse(lines[0] ?? '');
}

/** A real process of the command line, its outputs apart. */
export class CommandProcess {
  readonly result: Promise<CommandResult>;
  readonly #child: ChildProcess;

  /** @param input what stands on its stdin */
  constructor(args: readonly string[], { input = '', env = {} }: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {}) {
    this.#child = spawn(process.execPath, [LAUNCHER, ...args], { env: { ...aroundTests(), ...env }, stdio: 'pipe' });
    // A command that ends early does not read what is still written to it.
    this.#child.stdin?.on('error', () => undefined).end(input);
    this.result = this.#read();
  }

  async #read(): Promise<CommandResult> {
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) this.#child[name]?.on('data', (part: Buffer) => (output[name] += part.toString()));
    const [code] = (await once(this.#child, 'close')) as [number | null];
    return { ...output, code, json: () => onlyLine(output) };
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves when the command has begun to store documents in a data folder; rejects when it ended before. */
  async storing(dataDir: string): Promise<void> {
    const blobs = join(dataDir, 'blobs');
    const found = (): boolean => existsSync(blobs) && readdirSync(blobs, { recursive: true }).some((name) => String(name).includes('original'));
    while (!found()) {
      if (this.#child.exitCode !== null) throw new Error(`It ended before it stored anything: ${(await this.result).stderr}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

/** Runs a command to its end. */
export async function runCommand(args: readonly string[], options: ConstructorParameters<typeof CommandProcess>[1] = {}): Promise<CommandResult> {
  return await new CommandProcess(args, options).result;
}
