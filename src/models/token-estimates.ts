import { countTokens } from '../common/text/tokens.ts';
import type { ModelCall, ModelUsage } from './models.types.ts';

/** What an answer is taken to have, in tokens for each of the prompt, until calls of its kind have shown it. */
const FIRST_SHARE = 0.5;
/** Weight of the latest call in the mean. */
const WEIGHT = 0.2;

/** Estimates how many tokens a call will use, prompt and answer together, before it is made. */
export class TokenEstimates {
  readonly #shares = new Map<string, number>();

  of({ kind, context }: ModelCall, body: Readonly<Record<string, unknown>>): number {
    const prompt = countTokens(JSON.stringify(body['messages'] ?? body['input'] ?? ''));
    if (kind === 'embedding') return prompt;
    const longest = Number(body['max_tokens'] ?? body['max_completion_tokens'] ?? Number.POSITIVE_INFINITY);
    return prompt + Math.min(longest, Math.ceil(prompt * (this.#shares.get(context.operation) ?? FIRST_SHARE)));
  }

  learn({ kind, context }: ModelCall, { promptTokens, completionTokens }: ModelUsage): void {
    if (kind === 'embedding' || promptTokens === 0) return;
    const before = this.#shares.get(context.operation) ?? FIRST_SHARE;
    this.#shares.set(context.operation, before + WEIGHT * (completionTokens / promptTokens - before));
  }
}
