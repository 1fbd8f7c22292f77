import { ChatModel } from '../../src/models/chat-model.port.ts';
import { ModelError } from '../../src/models/models.errors.ts';
import type { ChatCompletion, ChatMessage, ChatOptions, ChatPart, ModelCallContext, ModelUsage } from '../../src/models/models.types.ts';

const USAGE: ModelUsage = { promptTokens: 11, completionTokens: 7, costUsd: 0.5 };

/** A chat model that says the parts it was given, and may then fail or fall silent until it is aborted. */
export class FakeChatModel extends ChatModel {
  override readonly configured = true;
  /** Every call so far. */
  readonly calls: { readonly messages: readonly ChatMessage[]; readonly options: ChatOptions; readonly context: ModelCallContext }[] = [];
  /** What the next answers consist of. */
  parts: readonly string[] = ['Hello.'];
  /** What happens after the parts. */
  ending: 'end' | 'fail' | 'silence' = 'end';
  /** Streams that were left before their end. */
  left = 0;

  override async complete(messages: readonly ChatMessage[], options: ChatOptions, context: ModelCallContext): Promise<ChatCompletion> {
    let text = '';
    for await (const part of this.stream(messages, options, context)) if (part.kind === 'text') text += part.text;
    return { text, usage: USAGE, finishReason: 'stop' };
  }

  override async *stream(messages: readonly ChatMessage[], options: ChatOptions, context: ModelCallContext): AsyncGenerator<ChatPart, void> {
    this.calls.push({ messages, options, context });
    let ended = false;
    try {
      for (const text of this.parts) {
        await Promise.resolve();
        context.signal?.throwIfAborted();
        yield { kind: 'text', text };
      }
      if (this.ending === 'silence') await abortOf(context.signal);
      if (this.ending === 'fail') throw new ModelError('model-unavailable', 'the fake model was told to fail', { retryable: true });
      yield { kind: 'end', usage: USAGE };
      ended = true;
    } finally {
      if (!ended) this.left += 1;
    }
  }

  /** The last message of the last call. */
  get question(): string {
    return this.calls.at(-1)?.messages.at(-1)?.content ?? '';
  }
}

function abortOf(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });
}
