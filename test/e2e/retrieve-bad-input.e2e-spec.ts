import { DocumentWriter } from '../../src/graph/document-writer.port.ts';
import { WorkspaceService } from '../../src/graph/workspace.service.ts';
import { FakeOpenAiServer } from '../fakes/fake-openai-server.ts';
import { publishAll, type TestDocument } from '../fixtures/graph-stack.ts';
import { addDocument } from './chat-requests.ts';
import { type RunningApp, startApp } from './start-app.ts';

interface Found {
  readonly passages: readonly { readonly rank: number; readonly externalId: string; readonly score: number }[];
  readonly timings: { readonly total: number; readonly counts: Readonly<Record<string, number>> };
  readonly warnings?: readonly string[];
}

const LENGTH = 100_000;
const filled = (part: (i: number) => string): string => {
  let text = '';
  for (let i = 0; text.length < LENGTH; i += 1) text += part(i);
  return text.slice(0, LENGTH);
};

describe('POST /retrieve with input nobody hoped for', () => {
  let running: RunningApp;
  beforeAll(async () => {
    running = await startApp();
    await library('library', [
      { id: 'bridge', title: 'Bridge of Ulm', texts: ['Ada Kern built the bridge of Ulm. 乌尔姆 A plan B.'] },
      { id: 'beijing', title: '北京大学', texts: ['我在北京大学学习历史。'] },
      { id: 'cairo', title: 'القاهرة', texts: ['وُلِدَ في القاهرة'] },
    ]);
  });
  afterAll(() => running.close());

  async function library(slug: string, documents: readonly TestDocument[]): Promise<void> {
    const workspace = await running.app.get(WorkspaceService, { strict: false }).create(slug);
    await publishAll({ writer: running.app.get(DocumentWriter, { strict: false }) }, workspace, documents);
  }

  async function retrieve(query: string, more: object = {}): Promise<Found> {
    const { body, status } = await running.call('post', '/retrieve').send({ query, workspace: 'library', ...more });
    expect([status, body]).toEqual([200, expect.anything()]);
    return body as Found;
  }
  const idsOf = ({ passages }: Found): string[] => passages.map(({ externalId }) => externalId);

  it.each([
    ['of stop words only', 'Who was it that is the?', []],
    ['of one letter', 'b', ['bridge']],
    ['of one letter that is a stop word', 'a', []],
    ['of one sign', '?', []],
    ['in Chinese', '谁在北京大学学习？', ['beijing']],
    ['in Arabic', 'من ولد في القاهرة؟', ['cairo']],
    ['of emoji', '🦊🌉👩‍👩‍👧', []],
    ['of a lone half of a character', '\ud83e bridge', ['bridge']],
    ['of control characters', '\u0000\u0001 bridge \u001b[31m', ['bridge']],
    ['in the syntax of a search engine', '"bridge" NEAR(x) OR title:* AND NOT "', ['bridge']],
  ])('answers a question %s', async (_, query, expected) => {
    expect(idsOf(await retrieve(query))).toEqual(expected);
  });

  it.each([
    ['distinct words', filled((i) => `bridge${String(i)} `)],
    ['one word, again and again', filled(() => 'bridge ')],
    ['one repeated character', 'b'.repeat(LENGTH)],
    ['another repeated character', 'y'.repeat(LENGTH)],
    ['words of apostrophes', filled(() => "o'")],
    ['capitals', filled((i) => `BRIDGE${String(i)} `)],
    ['one long capital word', 'B'.repeat(LENGTH)],
    ['words of one letter', filled((i) => `${String.fromCodePoint(97 + (i % 26))} `)],
    ['words as long as a sentence', filled((i) => `${'bridge'.repeat(30)}${String(i)} `)],
    ['Chinese', filled((i) => String.fromCodePoint(0x4e00 + (i % 20_000)))],
    ['Arabic', filled(() => 'ولد في القاهرة ')],
    ['letters that decompose', 'ﷺ'.repeat(LENGTH)],
    ['marks', `b${'\u0301'.repeat(LENGTH - 1)}`],
    ['emoji', filled(() => '🦊')],
    ['punctuation', '.'.repeat(LENGTH)],
    ['stop words', filled(() => 'the ')],
    ['names', filled(() => 'Ada Kern and Bridge of Ulm, ')],
  ])('answers a question of 100,000 characters: %s', async (_, query) => {
    expect((await retrieve(query)).passages.length).toBeLessThanOrEqual(3);
  });

  it('answers from the rest, with a warning, when the embedder says nothing until the deadline', async () => {
    const model = await FakeOpenAiServer.start();
    const stalled = await startApp({ OPENAI_BASE_URL: model.url, EMBEDDING_MODEL: 'fake', RAG_CONNECTION_TIMEOUT: '300ms' });
    await addDocument(stalled, { workspace: 'library', title: 'Bridges', externalId: 'bridges', text: 'The old bridge of Ulm was built by Ada Kern.' });
    // Only the question stalls: the service's own guide may still be on its way into the index.
    const query = 'Who built the bridge of Ulm?';
    model.always(({ body }) => (JSON.stringify(body['input']).includes(query) ? { kind: 'stall' } : undefined));
    const { status, body } = await stalled.call('post', '/retrieve').send({ query, workspace: 'library' });
    expect([status, body]).toEqual([200, expect.objectContaining({
      passages: [expect.objectContaining({ externalId: 'bridges' })],
      warnings: [expect.stringContaining('The question could not be embedded')],
    })]);
    await model.until(() => model.aborted === 1);
    await stalled.close();
    await model.stop();
  });
});
