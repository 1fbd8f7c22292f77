import { Logger } from '@nestjs/common';
import { ModelError } from './models.errors.ts';
import type { ModelCall, OptionalPart } from './models.types.ts';

/** Statuses of a request that a server does not like as it is. */
const ABOUT_THE_REQUEST = new Set([400, 422, 501]);

/** Which parts of requests the server was found not to take, by kind of call and model; learnt from calls that were wanted anyway. */
export class OptionalParts {
  readonly #logger = new Logger(OptionalParts.name);
  readonly #refused = new Map<string, ReadonlySet<string>>();

  /**
   * Sends a call without what is known to be refused; on a refusal drops the part it is about and sends again. What was dropped is
   * remembered when the call then succeeds; otherwise the first refusal is thrown.
   */
  async send<T>(call: ModelCall, attempt: (refused: ReadonlySet<string>) => Promise<T>): Promise<T> {
    const key = `${call.kind} ${call.model}`;
    const known = this.#refused.get(key) ?? new Set<string>();
    try {
      return await attempt(known);
    } catch (error) {
      const { answer, dropped } = await this.#sendWithLess(call, attempt, { known, error });
      this.#learn(key, call.model, dropped);
      return answer;
    }
  }

  #learn(key: string, model: string, dropped: readonly string[]): void {
    const before = this.#refused.get(key) ?? new Set<string>();
    // Calls that were under way together find the same thing out.
    const fresh = dropped.filter((name) => !before.has(name));
    if (fresh.length === 0) return;
    this.#refused.set(key, new Set([...before, ...fresh]));
    this.#logger.log(`The model server takes no ${fresh.join(', ')} for ${model}; such calls go without from now on`);
  }

  async #sendWithLess<T>(
    call: ModelCall,
    attempt: (refused: ReadonlySet<string>) => Promise<T>,
    first: { readonly known: ReadonlySet<string>; readonly error: unknown },
  ): Promise<{ answer: T; dropped: string[] }> {
    const dropped: string[] = [];
    let mayGuess = true;
    for (let refusal = first.error; ; ) {
      const left = (call.optional ?? []).filter((part) => !first.known.has(part.name) && !dropped.includes(part.name));
      const part = culprit(refusal, left, mayGuess);
      if (part === undefined) throw first.error;
      mayGuess &&= part.hint.test(textOf(refusal));
      dropped.push(part.name);
      try {
        return { answer: await attempt(new Set([...first.known, ...dropped])), dropped };
      } catch (error) {
        if (!isAboutTheRequest(error)) throw error;
        refusal = error;
      }
    }
  }
}

function isAboutTheRequest(error: unknown): error is ModelError {
  return error instanceof ModelError && error.status !== undefined && ABOUT_THE_REQUEST.has(error.status);
}

function textOf(error: unknown): string {
  return error instanceof ModelError ? (error.serverText ?? '') : '';
}

/** The part that a refusal names; else, at most once a call, the first that may be guessed. */
function culprit(error: unknown, left: readonly OptionalPart[], mayGuess: boolean): OptionalPart | undefined {
  if (!isAboutTheRequest(error)) return undefined;
  return left.find((part) => part.hint.test(textOf(error))) ?? (mayGuess ? left.find((part) => part.guess) : undefined);
}
