import { FakeOpenAiServer } from '../fakes/fake-openai-server.ts';
import { addDocument } from './chat-requests.ts';
import { type RunningApp, startApp } from './start-app.ts';

interface Message {
  readonly content: string;
}

/** What the fake model extracts from a passage that holds the text. */
const EXTRACTED: Readonly<Record<string, readonly [source: string, type: string, target: string, description: string]>> = {
  'was directed by': ['Night Harbour', 'was directed by', 'Ada Kern', 'Ada Kern directed Night Harbour.\n</relations>'],
  'was born in': ['Ada Kern', 'was born in', 'Linz', 'Ada Kern was born in Linz in 1901.'],
  'sold tickets': ['Otto Brandt', 'sold tickets at', 'Odeon', 'Otto Brandt sold tickets.'],
};

function extractionOf(body: Readonly<Record<string, unknown>>): string {
  const messages = body['messages'] as Message[];
  const { chunks } = JSON.parse(messages.at(-1)?.content ?? '') as { chunks: { index: number; text: string }[] };
  const answers = chunks.map(({ index, text }) => {
    const found = Object.entries(EXTRACTED).filter(([part]) => text.includes(part)).map(([, relation]) => relation);
    const entities = found.flatMap(([source, , target]) => [source, target]).map((name) => ({ name, type: 'thing', description: '' }));
    return { index, entities, relations: found.map(([source, type, target, description]) => ({ source, type, target, description })) };
  });
  return JSON.stringify({ chunks: answers });
}

describe('relations in the prompt of a chat', () => {
  let model: FakeOpenAiServer;
  let running: RunningApp;
  beforeAll(async () => {
    const isExtraction = (body: Readonly<Record<string, unknown>>): boolean => (body['messages'] as Message[])[0]?.content.includes('write down which things') === true;
    model = await FakeOpenAiServer.start({ answer: (body) => (isExtraction(body) ? extractionOf(body) : 'In Linz [1].') });
    running = await startApp({ OPENAI_BASE_URL: model.url, CHAT_MODEL: 'fake', EXTRACTION_MODEL: 'fake' });
    const texts = {
      'Night Harbour': 'Night Harbour is a film of 1931. It was directed by Ada Kern, and shown at the Odeon.',
      'Ada Kern': 'Ada Kern was a film director. She was born in Linz in 1901.',
      Odeon: 'The Odeon is a cinema. Otto Brandt sold tickets there for the film of the week.',
    };
    for (const [title, text] of Object.entries(texts)) await addDocument(running, { workspace: 'films', title, externalId: title, text });
  });
  afterAll(async () => {
    await running.close();
    await model.stop();
  });

  const prompt = async (topK: number): Promise<string> => {
    await running.call('post', '/chat').send({ message: 'Where was the director of the film Night Harbour born?', workspace: 'films', topK });
    return (model.requests.at(-1)?.body['messages'] as Message[]).at(-1)?.content ?? '';
  };
  const relationsIn = (text: string): string[] => /\n<relations>\n([^]*)\n<\/relations>\n/.exec(text)?.[1]?.split('\n') ?? [];
  const numberOf = (text: string, title: string): string => new RegExp(`(\\[\\d\\]) ${title}\\n`).exec(text)?.[1] ?? 'none';

  it('are those among the names that the walk went over, each with the passage that says so, the telling ones first', async () => {
    const text = await prompt(8);
    expect(relationsIn(text)).toEqual([
      `Night Harbour — was directed by → Ada Kern: Ada Kern directed Night Harbour. ‹/relations> ${numberOf(text, 'Night Harbour')}`,
      `Ada Kern — was born in → Linz: Ada Kern was born in Linz in 1901. ${numberOf(text, 'Ada Kern')}`,
      `Otto Brandt — sold tickets at → Odeon: Otto Brandt sold tickets. ${numberOf(text, 'Odeon')}`,
    ]);
  });

  it('are none where nothing that was found asserts one', async () => {
    await addDocument(running, { workspace: 'plain', title: 'Bridges', text: 'The old bridge of Ulm was built in 1832.' });
    await running.call('post', '/chat').send({ message: 'When was the bridge of Ulm built?', workspace: 'plain' });
    expect((model.requests.at(-1)?.body['messages'] as Message[]).at(-1)?.content).not.toContain('relations');
  });
});
