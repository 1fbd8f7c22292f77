import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../common/clock/clock.port.ts';
import { checkedQuestion } from '../common/text/question.ts';
import { type RetrievalResult, toldWarnings } from '../retrieval/retrieval.types.ts';
import { RetrievalService } from '../retrieval/retrieval.service.ts';
import { AnswerRecord } from './answer-record.ts';
import { Answerer } from './answerer.port.ts';
import type { ChatAnswer, ChatEvent, ChatRequest } from './chat.types.ts';
import { searchQuery } from './follow-up.ts';
import { SessionService } from './session.service.ts';

/** Answers questions of a conversation from a workspace's documents. */
@Injectable()
export class ChatService {
  private readonly logger = new Logger(ChatService.name);

  constructor(
    private readonly retrieval: RetrievalService,
    private readonly answerer: Answerer,
    private readonly sessions: SessionService,
    private readonly clock: Clock,
  ) {}

  /**
   * The answer as it comes: `retrieval`, then `token` and `citation` as they arise, last `done` with the whole answer. The turn is
   * kept in its session only when the answer is whole. Leaving the loop stops the work.
   * @throws RequestError `question-empty`, `question-too-long`; ChatError `session-not-found`; what retrieval and the answerer throw
   */
  async *answer(request: ChatRequest): AsyncGenerator<ChatEvent, void> {
    const record = new AnswerRecord(this.clock);
    const question = checkedQuestion(request.message);
    const session = await this.sessions.open(request, request.sessionId);
    const query = searchQuery(question, session.history);
    const found = await this.#retrieve(request, query);
    record.retrieved(found);
    yield { event: 'retrieval', data: { passages: found.passages, ...toldWarnings(found.warnings) } };
    const task = { workspace: request.workspace, question, query, found, history: session.history, signal: request.signal };
    for await (const part of this.answerer.answer(task)) {
      const event = record.take(part);
      if (event !== undefined) yield event;
    }
    await this.#keep(request, session.id, { question, record });
    yield { event: 'done', data: record.whole(session.id) };
  }

  /** The whole answer. @throws as `answer` */
  async ask(request: ChatRequest): Promise<ChatAnswer> {
    let answer: ChatAnswer | undefined;
    for await (const event of this.answer(request)) if (event.event === 'done') answer = event.data;
    if (answer === undefined) throw new Error('an answer ended without its last event');
    return answer;
  }

  async #retrieve({ workspace, topK, filter, signal }: ChatRequest, query: string): Promise<RetrievalResult> {
    return await this.retrieval.retrieve({ workspace, query, k: topK, signal, ...(filter === undefined ? {} : { filter }) });
  }

  /** An answer that was given is not taken back because it cannot be kept. */
  async #keep(request: ChatRequest, sessionId: string, { question, record }: { question: string; record: AnswerRecord }): Promise<void> {
    const { answer, mode, citations } = record.whole(sessionId);
    try {
      await this.sessions.append(request, sessionId, { question, answer, mode, citations });
    } catch (error) {
      this.logger.warn({ err: error, workspace: request.workspace.slug }, 'a turn could not be kept in its session');
    }
  }
}
