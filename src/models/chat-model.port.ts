import type { ChatCompletion, ChatMessage, ChatOptions, ChatPart, ModelCallContext } from './models.types.ts';

/**
 * A model that answers a conversation. Calls go through the gateway: they wait for a place in their lane, are retried when that can
 * help, and end by their deadline.
 *
 * Errors are ModelError: `model-rejected` (the server refuses the call for good; carries its status and text), `model-rate-limited`
 * and `model-unavailable` (retryable), `model-timeout`, `model-answer-malformed`. An aborted signal rejects with its reason.
 */
export abstract class ChatModel {
  /** Whether a model server is configured at all; when not, every call throws ModelError `model-not-configured`. */
  abstract readonly configured: boolean;

  /** One whole answer. */
  abstract complete(messages: readonly ChatMessage[], options: ChatOptions, context: ModelCallContext): Promise<ChatCompletion>;

  /**
   * The answer as it comes: parts of text in order, then one `end`. Leaving the loop early cancels the call. An answer that ends
   * without its end throws `model-unavailable`, silence longer than the watchdog's time `model-timeout`.
   */
  abstract stream(messages: readonly ChatMessage[], options: ChatOptions, context: ModelCallContext): AsyncIterable<ChatPart>;
}
