/** Exit codes by signal, as shells give them. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;
type StopSignal = keyof typeof EXIT_CODES;

/** How long a command may tidy up after it was told to stop. */
const GRACE_MS = 15_000;

/**
 * Ctrl-C of this process. The first one aborts `signal`, so that a command stops its work and tidies up; the second one, or a tidying
 * that takes longer than 15 s, ends the process at once. Listens from the moment it is made.
 */
export class Interruption {
  readonly #controller = new AbortController();
  readonly #listeners = new Map<StopSignal, () => void>();
  #exitCode: number | undefined;
  #isHandedOver = false;

  constructor() {
    for (const name of Object.keys(EXIT_CODES) as StopSignal[]) {
      const listener = (): void => { this.#interrupt(name); };
      this.#listeners.set(name, listener);
      process.on(name, listener);
    }
  }

  /** Leaves the process to a service that hears the signals and ends it itself. */
  handOver(): void {
    this.#isHandedOver = true;
    for (const [name, listener] of this.#listeners) process.off(name, listener);
  }

  /** Whether a service was started that goes on when the command has returned. */
  get isHandedOver(): boolean {
    return this.#isHandedOver;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The exit code that the signal asks for; nothing while there was none. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  #interrupt(name: StopSignal): void {
    if (this.#exitCode !== undefined) process.exit(this.#exitCode);
    this.#exitCode = EXIT_CODES[name];
    this.#controller.abort(new DOMException('The command was interrupted.', 'AbortError'));
    setTimeout(() => process.exit(this.#exitCode), GRACE_MS).unref();
  }
}
