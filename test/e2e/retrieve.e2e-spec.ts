import { addDocument } from './chat-requests.ts';
import { type RunningApp, startApp } from './start-app.ts';

const MEETING = 'Ada: Let us begin with the bridge of Ulm.\nCharles: The bridge of Ulm was designed by Mary Kern.\nAda: And the market hall?\nCharles: Mary Kern planned it, too.';
const HALL = 'Mary Kern was born in Linz. She built the market hall of Passau in 1840.';

describe('POST /retrieve', () => {
  let running: RunningApp;
  let key: string;
  const ids: Record<string, string> = {};
  beforeAll(async () => {
    running = await startApp();
    key = await running.keyFor('library', 'read');
    ids['meeting'] = await addDocument(running, { workspace: 'library', title: 'Meeting', externalId: 'meeting', text: MEETING, metadata: { date: '2024-05-01', team: 'bridges', size: 4 } });
    ids['hall'] = await addDocument(running, { workspace: 'library', title: 'Mary Kern', externalId: 'kern', text: HALL, metadata: { date: '2025-05-01', team: 'halls', size: 9 } });
  });
  afterAll(() => running.close());

  interface Found {
    readonly passages: readonly { readonly rank: number; readonly score: number; readonly externalId: string; readonly text: string; readonly start: number; readonly end: number; readonly via: object }[];
    readonly timings: { readonly total: number; readonly counts: Readonly<Record<string, number>> };
  }
  const retrieve = async (body: object): Promise<Found> => {
    const response = await running.call('post', '/retrieve', key).send(body);
    expect(response.status).toBe(200);
    return response.body as Found;
  };
  const found = async (filter: object): Promise<string[]> => (await retrieve({ query: 'Mary Kern', filter })).passages.map(({ externalId }) => externalId).toSorted();

  it('gives passages, best first, with their literal text, place, and why they were found', async () => {
    const { passages, timings } = await retrieve({ query: 'Who designed the bridge of Ulm?' });
    expect(passages[0]).toMatchObject({ rank: 1, documentId: ids['meeting'], externalId: 'meeting', title: 'Meeting', lines: [1, 4], via: { lexical: { rank: 1 } } });
    expect(passages.map(({ rank }) => rank)).toEqual(passages.map((_, i) => i + 1));
    for (const { externalId, start, end, text } of passages) expect((externalId === 'kern' ? HALL : MEETING).slice(start, end)).toBe(text);
    expect(timings.total).toBeGreaterThan(0);
    expect(timings.counts).toMatchObject({ lexical: expect.any(Number), names: expect.any(Number), read: passages.length });
  });

  it('tells the path to a passage: the name asked, the titles it leads over, the names between', async () => {
    const texts = {
      'Night Harbour': 'Night Harbour is a film of 1931 directed by Ada Kern.',
      'Ada Kern': 'Ada Kern was born in Linz.',
      Linz: 'The city lies on the river.',
    };
    for (const [title, text] of Object.entries(texts)) await addDocument(running, { workspace: 'films', title, externalId: title, text });
    const films = await running.keyFor('films', 'read');
    const { body } = await running.call('post', '/retrieve', films).send({ query: 'Who directed Night Harbour, and where was she born?' });
    const { passages } = body as { passages: { externalId: string; chunkId: string; via: { graph?: object } }[] };
    const idOf = (title: string): string => passages.find(({ externalId }) => externalId === title)?.chunkId ?? 'none';
    const [film, person, city] = Object.keys(texts).map(idOf) as [string, string, string];
    expect(passages.find(({ externalId }) => externalId === 'Linz')?.via.graph).toEqual({
      seeds: [],
      start: ['night harbour'],
      paths: [[film, 'ada kern', person], [person, 'linz', city]],
      titles: { [film]: 'Night Harbour', [person]: 'Ada Kern', [city]: 'Linz' },
    });
    expect(passages.find(({ externalId }) => externalId === 'Night Harbour')?.via.graph).toMatchObject({ seeds: ['night harbour'] });
  });

  it('gives no more than k', async () => {
    expect((await retrieve({ query: 'Mary Kern', k: 1 })).passages).toHaveLength(1);
  });

  it.each([
    [{ externalIds: ['kern'] }, ['kern']],
    [{ documentIds: ['nothing-of-that-name'] }, []],
    [{ metadata: { team: 'bridges' } }, ['meeting']],
    [{ metadata: { team: { in: ['bridges', 'halls'] } } }, ['kern', 'meeting']],
    [{ metadata: { size: { gte: 5, lt: 10 } } }, ['kern']],
    [{ from: '2025-01-01' }, ['kern']],
    [{ to: '2024-12-31' }, ['meeting']],
    [{ from: '2025-01-01', metadata: { team: 'bridges' } }, []],
  ])('keeps to the filter %j', async (filter, expected) => {
    expect(await found(filter)).toEqual(expected);
  });

  it.each([
    [{ query: '' }, 400, 'question-empty'],
    [{ query: 'x'.repeat(100_001) }, 400, 'question-too-long'],
    [{ query: 'x', k: 1.5 }, 400, 'invalid-request'],
    [{ query: 'x', filter: { unknown: true } }, 400, 'invalid-request'],
    [{ query: 'x', filter: { metadata: { size: {} } } }, 400, 'invalid-request'],
    [{ query: 'x', workspace: 'nowhere' }, 404, 'workspace-not-found'],
  ])('refuses case %#', async (body, status, code) => {
    expect((await running.call('post', '/retrieve', key).send(body)).body).toMatchObject({ status, code });
  });

  it('has an admin of the instance name the workspace', async () => {
    expect((await running.call('post', '/retrieve').send({ query: 'Mary Kern' })).body).toMatchObject({ status: 400, code: 'workspace-required' });
  });
});
