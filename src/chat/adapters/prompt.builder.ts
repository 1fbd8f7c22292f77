import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { projectRoot } from '../../config/project-root.ts';
import { KnowledgeGraph } from '../../graph/knowledge-graph.port.ts';
import type { ChatMessage } from '../../models/models.types.ts';
import type { RetrievedPassage } from '../../retrieval/retrieval.types.ts';
import type { AnswerTask } from '../answerer.port.ts';
import type { SessionTurn } from '../session.types.ts';
import { passageText, questionText, relationText } from './prompt-text.ts';
import { tokensOf, withinBudget } from '../../common/text/token-budget.ts';

/** Tokens for each part of the prompt: some 9,000 in all, which leaves room for the answer in a window of 16,000. */
const PASSAGE_TOKENS = 7000;
const RELATION_TOKENS = 800;
const HISTORY_TOKENS = 1200;
const MAX_RELATIONS = 40;

const MARKERS = /[ \t]*\[\d+\]/g;

/** What is sent to the model. */
export interface Prompt {
  readonly messages: readonly ChatMessage[];
  /** The passages in it, in the order of their numbers. */
  readonly passages: readonly RetrievedPassage[];
}

/** Makes the prompt of an answer: rules, the last turns, then passages, relations and the question, each within its budget of tokens. */
@Injectable()
export class PromptBuilder {
  readonly #rules = readFileSync(join(projectRoot(), 'config', 'prompts', 'chat.md'), 'utf8').trim();

  constructor(private readonly graph: KnowledgeGraph) {}

  async build(task: AnswerTask): Promise<Prompt> {
    const texts = withinBudget(
      task.found.passages.map((passage, i) => passageText(passage, i + 1)),
      PASSAGE_TOKENS,
      1,
    );
    const passages = task.found.passages.slice(0, texts.length);
    const relations = await this.#relations(task, passages);
    const question: ChatMessage = { role: 'user', content: questionText(texts, relations, task.question) };
    return { messages: [{ role: 'system', content: this.#rules }, ...historyOf(task.history), question], passages };
  }

  async #relations(task: AnswerTask, passages: readonly RetrievedPassage[]): Promise<string[]> {
    if (passages.length === 0) return [];
    const numbers = new Map(passages.map(({ chunkId }, i) => [chunkId, i + 1]));
    const facts = await this.graph.relationsOf(task.workspace, task.found.keys.slice(0, passages.length), MAX_RELATIONS);
    return withinBudget(
      facts.flatMap((fact) => relationText(fact, numbers) ?? []),
      RELATION_TOKENS,
    );
  }
}

/** The last turns that fit, oldest first. Markers of old answers go: their numbers mean other passages now. */
function historyOf(history: readonly SessionTurn[]): ChatMessage[] {
  const turns = history.toReversed().map(({ question, answer }) => ({ question, answer: answer.replaceAll(MARKERS, '') }));
  let used = 0;
  const end = turns.findIndex(({ question, answer }) => {
    used += tokensOf(question) + tokensOf(answer);
    return used > HISTORY_TOKENS;
  });
  return (end === -1 ? turns : turns.slice(0, end)).toReversed().flatMap(({ question, answer }): ChatMessage[] => [
    { role: 'user', content: question },
    { role: 'assistant', content: answer },
  ]);
}
