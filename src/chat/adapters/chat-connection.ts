import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { ChatModel } from '../../models/chat-model.port.ts';
import type { ModelClient } from '../../models/model-client.port.ts';
import { ModelGateway } from '../../models/model-gateway.service.ts';
import { ModelError } from '../../models/models.errors.ts';
import type { ChatCompletion, ChatMessage, ChatOptions, ChatPart, ModelCallContext } from '../../models/models.types.ts';

/** The chat's own client of the model gateway: opened with the module, drained and closed with it. */
@Injectable()
export class ChatConnection extends ChatModel implements OnModuleInit, OnApplicationShutdown {
  #client: ModelClient | undefined;

  constructor(private readonly gateway: ModelGateway) {
    super();
  }

  override get configured(): boolean {
    return this.gateway.configured;
  }

  /** Calls under way, waiting ones included. */
  get inFlight(): number {
    return this.#client?.inFlight ?? 0;
  }

  onModuleInit(): void {
    this.#client = this.gateway.openClient('chat');
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#client?.close();
    this.#client = undefined;
  }

  override complete(messages: readonly ChatMessage[], options: ChatOptions, context: ModelCallContext): Promise<ChatCompletion> {
    return this.#opened().complete(messages, options, context);
  }

  override stream(messages: readonly ChatMessage[], options: ChatOptions, context: ModelCallContext): AsyncIterable<ChatPart> {
    return this.#opened().stream(messages, options, context);
  }

  #opened(): ChatModel {
    if (this.#client !== undefined) return this.#client.chatModel;
    throw new ModelError('model-unavailable', 'The connection of the chat to the model gateway is not open.', { retryable: true });
  }
}
