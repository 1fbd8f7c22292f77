import type { ChatModel } from '../../models/chat-model.port.ts';
import { ModelError } from '../../models/models.errors.ts';
import type { ModelUsage } from '../../models/models.types.ts';
import { Answerer, type AnswerPart, type AnswerTask } from '../answerer.port.ts';
import { CitedText } from './cited-text.ts';
import { nothingFound } from './nothing-found.ts';
import type { PromptBuilder } from './prompt.builder.ts';

/**
 * Answers with a model, which sees the passages, the relations among what they name, and the last turns. Marker n is the nth passage
 * found. When the model is away the answer fails: an answer of another kind than the one that was set up would be mistaken for it.
 */
export class ModelAnswerer extends Answerer {
  /** @param model name of the chat model, as the server knows it */
  constructor(
    private readonly chatModel: ChatModel,
    private readonly prompts: PromptBuilder,
    private readonly model: string,
  ) {
    super();
  }

  override async *answer(task: AnswerTask): AsyncGenerator<AnswerPart, void> {
    task.signal.throwIfAborted();
    // Without passages there is nothing to answer from; with a conversation the question may be about that.
    if (task.found.passages.length === 0 && task.history.length === 0) {
      yield* nothingFound();
      return;
    }
    const prompt = await this.prompts.build(task);
    const cited = new CitedText(prompt.passages, task.question);
    let usage: ModelUsage = { promptTokens: 0, completionTokens: 0, costUsd: 0 };
    const context = { lane: 'interactive', workspaceUid: task.workspace.uid, operation: 'chat', signal: task.signal } as const;
    for await (const part of this.chatModel.stream(prompt.messages, { model: this.model }, context)) {
      if (part.kind === 'end') usage = part.usage;
      else yield* cited.take(part.text);
    }
    yield* cited.end();
    if (cited.empty) throw emptyAnswer(this.model);
    yield { kind: 'end', mode: 'generated', usage };
  }
}

function emptyAnswer(model: string): ModelError {
  return new ModelError('model-answer-malformed', `The model ${model} ended its answer without a word.`, {
    remedy: 'Ask again; if it stays so, try another CHAT_MODEL.',
    retryable: true,
  });
}
