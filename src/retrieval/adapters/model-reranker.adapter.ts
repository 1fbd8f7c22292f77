import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { projectRoot } from '../../config/project-root.ts';
import type { ChatModel } from '../../models/chat-model.port.ts';
import { ModelError } from '../../models/models.errors.ts';
import { type ChatMessage, type ModelUsage, sumOfUsage } from '../../models/models.types.ts';
import { Reranker, type RerankRequest, type Reranking } from '../reranker.port.ts';
import { parseRerankAnswer, RERANK_SCHEMA } from './rerank-answer.ts';
import { rerankQuestion } from './rerank-prompt.ts';

/** Asks a chat model for the order, all passages in one call (listwise). It is asked once: somebody waits, and there is an order to fall back on. */
export class ModelReranker extends Reranker {
  override readonly active = true;
  readonly #logger = new Logger(ModelReranker.name);
  readonly #rules = readFileSync(join(projectRoot(), 'config', 'prompts', 'rerank.md'), 'utf8').trim();

  /**
   * @param model the chat model's name, as the server knows it
   * @param timeoutMs after which the order stays as it is
   */
  constructor(
    private readonly chatModel: ChatModel,
    private readonly model: string,
    private readonly timeoutMs: number,
  ) {
    super();
  }

  override async rerank(request: RerankRequest): Promise<Reranking> {
    request.signal?.throwIfAborted();
    if (request.passages.length < 2) return unchanged(request, sumOfUsage([]));
    try {
      const { text, usage } = await this.#ask(request);
      const order = parseRerankAnswer(text, request.passages.length);
      if (order !== undefined) return { order, usage };
      this.#logger.warn({ model: this.model }, 'the model answered with something else than an order of the passages');
      return unchanged(request, usage, `The model ${this.model} answered with something else than an order of the passages`);
    } catch (error) {
      request.signal?.throwIfAborted();
      if (!(error instanceof ModelError)) throw error;
      this.#logger.warn({ err: error }, 'the passages could not be reranked');
      return unchanged(request, sumOfUsage([]), `The passages could not be reranked (${error.message})`);
    }
  }

  #ask(request: RerankRequest): ReturnType<ChatModel['complete']> {
    const { workspace, signal } = request;
    const messages: ChatMessage[] = [
      { role: 'system', content: this.#rules },
      { role: 'user', content: rerankQuestion(request) },
    ];
    const options = { model: this.model, temperature: 0, jsonSchema: RERANK_SCHEMA };
    const context = { lane: 'interactive', workspaceUid: workspace.uid, operation: 'rerank', timeoutMs: this.timeoutMs } as const;
    return this.chatModel.complete(messages, options, signal === undefined ? context : { ...context, signal });
  }
}

function unchanged({ passages }: RerankRequest, usage: ModelUsage, fault?: string): Reranking {
  const order = [...passages.keys()];
  return fault === undefined ? { order, usage } : { order, usage, warning: `${fault}; they stand in the order in which they were found.` };
}
