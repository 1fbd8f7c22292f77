import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { projectRoot } from '../../config/project-root.ts';
import { KnowledgeGraph } from '../../graph/knowledge-graph.port.ts';
import type { ChatMessage } from '../../models/models.types.ts';
import type { RetrievedPassage } from '../../retrieval/retrieval.types.ts';
import type { AnswerTask } from '../answerer.port.ts';
import { rankRelations } from '../relation-ranking.ts';
import type { SessionTurn } from '../session.types.ts';
import { passageText, questionText, relationText } from './prompt-text.ts';
import { withinBudget } from '../../common/text/token-budget.ts';
import { countTokens } from '../../common/text/tokens.ts';

/** Tokens for each part of the prompt: some 9,000 in all, which leaves room for the answer in a window of 16,000. */
const PASSAGE_TOKENS = 7000;
const RELATION_TOKENS = 800;
const HISTORY_TOKENS = 1200;
/** Relations in the prompt, and those they are chosen from. */
const MAX_RELATIONS = 40;
const RELATION_CANDIDATES = 400;

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
    const relations = await this.#relations(task, passages.length);
    const question: ChatMessage = { role: 'user', content: questionText(texts, relations, task.question) };
    return { messages: [{ role: 'system', content: this.#rules }, ...historyOf(task.history), question], passages };
  }

  /** Those of the passages found, in the prompt or not, the ones that the walk is most about first, one a line. */
  async #relations({ workspace, found }: AnswerTask, passagesInPrompt: number): Promise<string[]> {
    const { keys, passages, nameWeights } = found;
    if (keys.length === 0) return [];
    const facts = await this.graph.relationsOf(workspace, { passages: keys, names: [...nameWeights.keys()], limit: RELATION_CANDIDATES });
    const places = {
      numbers: new Map(keys.slice(0, passagesInPrompt).map((key, i) => [key, i + 1])),
      titles: new Map(keys.map((key, i) => [key, passages[i]?.title ?? ''])),
    };
    const ranked = rankRelations(facts, found).slice(0, MAX_RELATIONS);
    return withinBudget(ranked.map((fact) => relationText(fact, places)), RELATION_TOKENS);
  }
}

/** The last turns that fit, oldest first. Markers of old answers go: their numbers mean other passages now. */
function historyOf(history: readonly SessionTurn[]): ChatMessage[] {
  const turns = history.toReversed().map(({ question, answer }) => ({ question, answer: answer.replaceAll(MARKERS, '') }));
  let used = 0;
  const end = turns.findIndex(({ question, answer }) => {
    used += countTokens(question) + countTokens(answer);
    return used > HISTORY_TOKENS;
  });
  return (end === -1 ? turns : turns.slice(0, end)).toReversed().flatMap(({ question, answer }): ChatMessage[] => [
    { role: 'user', content: question },
    { role: 'assistant', content: answer },
  ]);
}
