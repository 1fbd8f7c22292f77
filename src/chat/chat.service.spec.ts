import { Logger } from '@nestjs/common';
import { FakeChatModel } from '../../test/fakes/fake-chat-model.ts';
import { FakeClock } from '../../test/fakes/fake-clock.ts';
import { FakeIdSource } from '../../test/fakes/fake-id-source.ts';
import { FakeRecordStore } from '../../test/fakes/fake-record-store.ts';
import { fakeRelations } from '../../test/fakes/fake-relations.ts';
import { FakeRetrieval } from '../../test/fakes/fake-retrieval.ts';
import { fakePassage } from '../../test/fakes/passages.ts';
import { ModelAnswerer } from './adapters/model.answerer.ts';
import { PromptBuilder } from './adapters/prompt.builder.ts';
import { ChatService } from './chat.service.ts';
import type { ChatEvent, ChatRequest } from './chat.types.ts';
import { SessionService } from './session.service.ts';

const WORKSPACE = { slug: 'default', uid: 'w1', createdAt: '2026-01-01T00:00:00.000Z' };

const ask = (message: string, changes: Partial<ChatRequest> = {}): ChatRequest => ({
  workspace: WORKSPACE,
  subject: 'ada',
  message,
  topK: 8,
  signal: new AbortController().signal,
  ...changes,
});

function make() {
  const clock = new FakeClock();
  const model = new FakeChatModel();
  model.parts = ['The bridge was built', ' in 1832 [1', '].'];
  const records = new FakeRecordStore(clock);
  const retrieval = new FakeRetrieval([fakePassage({ text: 'The old bridge was built in 1832.' })]);
  const sessions = new SessionService(records, new FakeIdSource(), clock);
  const answerer = new ModelAnswerer(model, new PromptBuilder(fakeRelations()), 'some-model');
  return { chat: new ChatService(retrieval.asService(), answerer, sessions, clock), sessions, retrieval, model, records };
}

const eventsOf = async (events: AsyncIterable<ChatEvent>): Promise<ChatEvent[]> => {
  const all: ChatEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
};

describe('ChatService', () => {
  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  it('tells the passages first, then tokens and citations, and last the whole', async () => {
    const events = await eventsOf(make().chat.answer(ask(' When was the bridge built? ')));
    expect(events.map((event) => event.event)).toEqual(['retrieval', 'token', 'token', 'token', 'citation', 'token', 'done']);
    const tokens = events.map((event) => (event.event === 'token' ? event.data.text : '')).join('');
    const done = events.at(-1)?.data;
    expect(done).toMatchObject({
      answer: 'The bridge was built in 1832 [1].',
      mode: 'generated',
      sessionId: '00000000-0000-4000-8000-000000000001',
      usage: { promptTokens: 11, completionTokens: 7, costUsd: 0.5 },
      citations: [{ marker: 1, quote: 'The old bridge was built in 1832.' }],
    });
    expect(tokens).toBe('The bridge was built in 1832 [1].');
    expect(Object.keys((done as { timings: object }).timings)).toEqual(['lexical', 'total', 'retrieval', 'firstToken', 'answer', 'counts']);
  });

  it('is the last event when asked for as a whole', async () => {
    const [whole, events] = [await make().chat.ask(ask('When?')), await eventsOf(make().chat.answer(ask('When?')))];
    expect(whole).toEqual(events.at(-1)?.data);
  });

  it('hands topK, filter and signal to retrieval', async () => {
    const { chat, retrieval } = make();
    const request = ask('When was it?', { topK: 3, filter: { externalIds: ['a'] } });
    await chat.ask(request);
    expect(retrieval.requests[0]).toEqual({ workspace: WORKSPACE, query: 'When was it?', k: 3, filter: { externalIds: ['a'] }, signal: request.signal });
  });

  it('goes on with a session: the prompt has its turns, and the search the question before', async () => {
    const { chat, retrieval, model } = make();
    const { sessionId } = await chat.ask(ask('When was the bridge built?'));
    const next = await chat.ask(ask('By whom?', { sessionId }));
    expect(next.sessionId).toBe(sessionId);
    expect(retrieval.requests[1]?.query).toBe('When was the bridge built? By whom?');
    expect(model.calls[1]?.messages.map((message) => message.content).slice(1, 3)).toEqual(['When was the bridge built?', 'The bridge was built in 1832.']);
    expect(model.question).toMatch(/Question: By whom\?$/);
  });

  it.each([
    ['  ', 'question-empty'],
    ['x'.repeat(100_001), 'question-too-long'],
  ])('refuses %#', async (message, code) => {
    await expect(make().chat.ask(ask(message))).rejects.toMatchObject({ code });
  });

  it('knows no session of somebody else', async () => {
    const { chat } = make();
    const { sessionId } = await chat.ask(ask('Mine?'));
    await expect(chat.ask(ask('Yours?', { sessionId, subject: 'charles' }))).rejects.toMatchObject({ code: 'session-not-found' });
  });

  it('keeps no turn whose answer failed', async () => {
    const { chat, model, sessions } = make();
    model.ending = 'fail';
    await expect(chat.ask(ask('When?'))).rejects.toMatchObject({ code: 'model-unavailable' });
    expect((await sessions.list({ workspace: WORKSPACE, subject: 'ada' })).sessions).toEqual([]);
  });

  it('gives an answer that it cannot keep', async () => {
    const { chat, records } = make();
    records.fault = new Error('the store is away');
    await expect(chat.ask(ask('When?'))).resolves.toMatchObject({ mode: 'generated' });
  });

  it('stops the model when the reader leaves', async () => {
    const { chat, model } = make();
    for await (const event of chat.answer(ask('When?'))) if (event.event === 'token') break;
    expect(model.left).toBe(1);
  });
});
