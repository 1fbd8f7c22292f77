const TEXT_LIMIT = 2000;
const CAUSE_DEPTH = 5;
const CREDENTIALS = /\b(?:Bearer\s+\S+|sk-[\w-]{8,})/g;
const MASK = '[redacted]';

/** Whether it is an error, by its looks: `instanceof` misses those of another realm, such as Node's own inside a test's sandbox. */
export function isError(thrown: unknown): thrown is Error {
  return typeof thrown === 'object' && thrown !== null && 'message' in thrown && 'stack' in thrown;
}

/** Takes secrets out of what servers and libraries say, so that no error and no log holds them. */
export class Redaction {
  readonly #secrets: readonly string[];

  /** @param secrets what must never be shown */
  constructor(secrets: readonly (string | undefined)[]) {
    this.#secrets = secrets.filter((secret): secret is string => secret !== undefined && secret !== '');
  }

  /** The text without secrets, at most 2,000 characters. */
  text(raw: string): string {
    const masked = this.#secrets.reduce((text, secret) => text.replaceAll(secret, MASK), raw);
    return masked.replace(CREDENTIALS, MASK).slice(0, TEXT_LIMIT);
  }

  /** A copy of an error that keeps its name, message, stack and causes, but neither secrets nor the request it was made from. */
  error(error: unknown, depth = CAUSE_DEPTH): Error | undefined {
    if (!isError(error) || depth === 0) return undefined;
    const cause = this.error(error.cause, depth - 1);
    const copy = new Error(this.text(error.message), cause === undefined ? undefined : { cause });
    copy.name = error.name;
    copy.stack = this.text(error.stack ?? '');
    return copy;
  }
}
