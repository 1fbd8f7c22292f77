import type { GraphPicture, Passage } from '../../graph/graph.types.ts';
import type { PassageIndex } from '../../graph/passage-index.port.ts';
import { quoteOf, readEvidence } from './picture-evidence.ts';

const passage = (n: number): Passage => ({
  key: n, chunkId: `c${String(n)}`, documentId: 'd', externalId: 'notes/a.md', documentTitle: 'Notes', title: 'Notes', ordinal: n, start: 0, end: 1, lines: [n, n + 1],
  text: 'It was a cold winter. Ada met Charles in London. They talked for hours.', metadata: {}, entities: [],
});

/** An index that knows passages 0 to 399 and counts how it is asked. */
function indexOf(asked: number[]): PassageIndex {
  const chunks = (_workspace: unknown, ids: readonly string[]): Promise<Passage[]> => {
    asked.push(ids.length);
    return Promise.resolve(ids.map((id) => Number(id.slice(1))).filter((n) => n < 400).map(passage));
  };
  return { chunks } as unknown as PassageIndex;
}

const pictureOf = (evidence: readonly (readonly number[])[]): GraphPicture => ({
  nodes: [{ id: 'a', name: 'Ada', type: 'person', degree: 1 }, { id: 'c', name: 'charles', type: 'person', degree: 1 }],
  edges: evidence.map((list) => ({ source: 'a', target: 'c', type: 'met', weight: list.length, evidence: list.map((n) => ({ documentId: 'd', chunkId: `c${String(n)}` })) })),
});

describe('readEvidence', () => {
  it('tells document, place and what is said of the two, for the first few passages', async () => {
    const [[first, ...rest] = []] = await readEvidence(indexOf([]), { uid: 'w' }, pictureOf([[0, 1, 2, 3, 4, 5, 6]]));
    expect(first).toEqual({ documentId: 'd', chunkId: 'c0', place: 'notes/a.md, lines 0-1', title: 'Notes', quote: 'Ada met Charles in London.' });
    expect(rest).toHaveLength(4);
  });

  it('reads in batches, each passage once, and keeps the ids of one that has gone', async () => {
    const asked: number[] = [];
    const shown = await readEvidence(indexOf(asked), { uid: 'w' }, pictureOf([...Array.from({ length: 401 }, (_, n) => [n]), [7]]));
    expect(asked).toEqual([200, 200, 1]);
    expect(shown[400]).toEqual([{ documentId: 'd', chunkId: 'c400', place: 'd', title: '', quote: '' }]);
    expect(shown[401]).toEqual(shown[7]);
  });
});

describe('quoteOf', () => {
  it('takes the sentence that names both, else the other one, else any', () => {
    const list = ['Nobody came.', 'Ada was there.', 'So was Charles.', 'Ada and Charles left.'];
    expect(quoteOf(list, ['Ada', 'Charles'])).toBe('Ada and Charles left.');
    expect(quoteOf(list.slice(0, 3), ['Ada', 'Charles'])).toBe('So was Charles.');
    expect(quoteOf(list, ['', 'Nowhere'])).toBe('Nobody came.');
    expect(quoteOf([], ['a', 'b'])).toBe('');
  });

  it('cuts a long sentence around the name, between words', () => {
    const words = (n: number): string => Array.from({ length: n }, (_, i) => `word${String(i)}`).join(' ');
    const quote = quoteOf([`${words(80)} Charles ${words(80)}`], ['Ada', 'Charles']);
    expect(quote).toMatch(/^… word\d+ .* Charles .* word\d+ …$/);
    expect(quote.length).toBeLessThan(270);
  });
});
