import { Injectable } from '@nestjs/common';
import { Answerer, type AnswerPart, type AnswerTask } from '../answerer.port.ts';
import { citationOf } from '../citation-of.ts';
import { bestSentences } from './best-sentences.ts';
import { nothingFound } from './nothing-found.ts';

/**
 * Answers with the documents' own sentences, without a model: the one to five that support the question best, each with a marker of
 * its own, numbered from 1.
 */
@Injectable()
export class ExtractiveAnswerer extends Answerer {
  override async *answer(task: AnswerTask): AsyncGenerator<AnswerPart, void> {
    task.signal.throwIfAborted();
    const chosen = await bestSentences(task.question, task.found, task.signal);
    if (chosen.length === 0) {
      yield* nothingFound();
      return;
    }
    for (const [i, { passage, sentence }] of chosen.entries()) {
      yield { kind: 'text', text: `${i === 0 ? '' : ' '}${sentence.text} [${String(i + 1)}]` };
      yield { kind: 'citation', citation: citationOf(i + 1, passage, sentence) };
    }
    yield { kind: 'end', mode: 'extractive', usage: { promptTokens: 0, completionTokens: 0, costUsd: 0 } };
  }
}
