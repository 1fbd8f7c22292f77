import type { Answerer, AnswerPart, AnswerTask } from '../../src/chat/answerer.port.ts';
import type { Citation } from '../../src/chat/chat.types.ts';
import { fakePassage, fakeResult } from '../fakes/passages.ts';

const BRIDGE = 'The town archive holds the plans. The old bridge of Ulm was built in 1832 by Ada Kern. It was closed in May for repairs.';
const DOCUMENT = `Preface.\n\n${BRIDGE}\n\nThe end.`;
const HALL = 'Ada Kern also designed the market hall, which opened in 1840. Its roof is made of iron.';

/** A question with two passages, the first of which answers it. */
export function bridgeTask(changes: Partial<AnswerTask> = {}): AnswerTask {
  const question = 'Who built the old bridge of Ulm?';
  const passages = [
    fakePassage({ text: BRIDGE, title: 'Bridges of Ulm', rank: 1, lines: [3, 3] }, DOCUMENT),
    fakePassage({ text: HALL, title: 'Market hall', rank: 2 }),
  ];
  return {
    workspace: { slug: 'default', uid: 'w1', createdAt: '2026-01-01T00:00:00.000Z' },
    question,
    query: question,
    found: fakeResult(passages, question),
    history: [],
    signal: new AbortController().signal,
    ...changes,
  };
}

/** All parts of an answer. */
export async function partsOf(answer: AsyncIterable<AnswerPart>): Promise<AnswerPart[]> {
  const parts: AnswerPart[] = [];
  for await (const part of answer) parts.push(part);
  return parts;
}

/** The text of an answer and its citations. */
export function gathered(parts: readonly AnswerPart[]): { text: string; citations: Citation[] } {
  return {
    text: parts.map((part) => (part.kind === 'text' ? part.text : '')).join(''),
    citations: parts.flatMap((part) => (part.kind === 'citation' ? [part.citation] : [])),
  };
}

const markersIn = (text: string): number[] => [...new Set([...text.matchAll(/\[(\d+)\]/g)].map((match) => Number(match[1])))];

/** @param make an answerer that can answer `bridgeTask` from its passages, if it needs a model then with one that does so */
export function describeAnswerer(name: string, make: () => Answerer): void {
  describe(`${name} as an Answerer`, () => {
    it('says its parts in order, each citation behind the text that first has its marker, and one end last', async () => {
      const parts = await partsOf(make().answer(bridgeTask()));
      expect(parts.map((part) => part.kind).indexOf('end')).toBe(parts.length - 1);
      for (const [i, part] of parts.entries()) {
        if (part.kind !== 'citation') continue;
        const before = gathered(parts.slice(0, i)).text;
        expect(markersIn(before)).toContain(part.citation.marker);
      }
    });

    it('has a citation for each marker and a marker for each citation, once', async () => {
      const { text, citations } = gathered(await partsOf(make().answer(bridgeTask())));
      expect(citations.length).toBeGreaterThan(0);
      expect(citations.map((citation) => citation.marker).toSorted()).toEqual(markersIn(text).toSorted());
    });

    it("quotes the document's literal text at the document's offsets", async () => {
      const { citations } = gathered(await partsOf(make().answer(bridgeTask())));
      const texts: Readonly<Record<string, string>> = { 'document-1': DOCUMENT, 'document-2': HALL };
      for (const { documentId, quote, start, end } of citations) {
        expect(quote).not.toBe('');
        expect(texts[documentId]?.slice(start, end)).toBe(quote);
      }
      expect(citations[0]).toMatchObject({ externalId: 'file-1.txt', title: 'Bridges of Ulm', chunkId: 'chunk-1', lines: [3, 3] });
    });

    it('says that there is nothing when nothing was found, and cites nothing', async () => {
      const parts = await partsOf(make().answer(bridgeTask({ found: fakeResult([]) })));
      const { text, citations } = gathered(parts);
      expect(text).toContain('nothing');
      expect(citations).toEqual([]);
      expect(parts.at(-1)?.kind).toBe('end');
    });

    it('rejects with the reason of an aborted signal', async () => {
      const gone = AbortSignal.abort(new Error('the reader went away'));
      await expect(partsOf(make().answer(bridgeTask({ signal: gone })))).rejects.toThrow('the reader went away');
    });

    it('stops when the loop is left', async () => {
      for await (const part of make().answer(bridgeTask())) {
        expect(part.kind).toBe('text');
        break;
      }
    });
  });
}
