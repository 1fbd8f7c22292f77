import { z } from 'zod';
import { ChatModel } from '../chat-model.port.ts';
import type { ModelClient } from '../model-client.port.ts';
import { ModelError } from '../models.errors.ts';
import type { ChatCompletion, ChatMessage, ChatOptions, ChatPart, ModelCall, ModelCallContext, ModelUsage } from '../models.types.ts';
import { chatBody, optionalChatParts } from './openai-chat-body.ts';

const NO_USAGE: ModelUsage = { promptTokens: 0, completionTokens: 0, costUsd: 0 };

const completion = z.object({
  choices: z
    .array(z.object({ message: z.object({ content: z.string().nullish() }), finish_reason: z.string().nullish() }))
    .min(1),
});

// A server that ignores `stream` sends its whole answer as one event, with `message` in the place of `delta`.
const text = z.object({ content: z.string().nullish() }).nullish();
const event = z.object({ choices: z.array(z.object({ delta: text, message: text })).nullish() });

/** A chat model behind an OpenAI-compatible server. */
export class OpenAiChatModel extends ChatModel {
  readonly #client: ModelClient;

  constructor(client: ModelClient) {
    super();
    this.#client = client;
  }

  override get configured(): boolean {
    return this.#client.configured;
  }

  override async complete(messages: readonly ChatMessage[], options: ChatOptions, context: ModelCallContext): Promise<ChatCompletion> {
    const { body, usage } = await this.#client.post(callOf(options, context, false), (refused) => chatBody(messages, options, refused));
    const choice = checked(completion, body).choices[0];
    return { text: choice?.message.content ?? '', usage, finishReason: choice?.finish_reason ?? 'stop' };
  }

  override async *stream(messages: readonly ChatMessage[], options: ChatOptions, context: ModelCallContext): AsyncGenerator<ChatPart, void, undefined> {
    let usage = NO_USAGE;
    const call = callOf(options, context, true);
    const bodyOf = (refused: ReadonlySet<string>): Record<string, unknown> => ({
      ...chatBody(messages, options, refused),
      ...(refused.has('stream_options') ? {} : { stream_options: { include_usage: true } }),
    });
    for await (const { body, usage: told } of this.#client.stream(call, bodyOf)) {
      usage = told ?? usage;
      const part = textOf(body);
      if (part !== '') yield { kind: 'text', text: part };
    }
    yield { kind: 'end', usage };
  }
}

function callOf(options: ChatOptions, context: ModelCallContext, streamed: boolean): ModelCall {
  return { kind: 'chat', model: options.model, context, optional: optionalChatParts(options, streamed) };
}

function textOf(body: unknown): string {
  const choice = checked(event, body).choices?.[0];
  return choice?.delta?.content ?? choice?.message?.content ?? '';
}

function checked<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new ModelError('model-answer-malformed', 'The model server answered with JSON that is no chat completion.', { cause: result.error });
}
