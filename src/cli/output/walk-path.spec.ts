import { describePath } from './walk-path.ts';

const passage = (chunkId: string, title: string, text: string, lines?: readonly [number, number]) => ({ chunkId, title, text, ...(lines === undefined ? {} : { lines }) });

describe('describePath', () => {
  it('reads from the name asked, over titles and the names between them, as the documents write them', () => {
    const graph = {
      seeds: [],
      start: ['night harbour'],
      paths: [['a', 'ada kern', 'b'], ['b', 'linz', 'c']] as const,
      titles: { a: 'Night Harbour', b: 'Ada Kern', c: 'Cities of Austria' },
    };
    const found = [passage('b', 'Ada Kern', 'She was born in Linz.')];
    expect(describePath(graph, found)).toBe('“Night Harbour” → Night Harbour —[Ada Kern]→ Ada Kern —[Linz]→ Cities of Austria');
  });

  it('tells chunks of one title apart by their lines, where it knows them', () => {
    const graph = { seeds: [], paths: [['a', 'ada', 'b']] as const, titles: { a: 'Meeting', b: 'Meeting' } };
    const found = [passage('a', 'Meeting', 'Ada spoke.', [1, 9]), passage('b', 'Meeting', 'Ada left.', [10, 20])];
    expect(describePath(graph, found)).toBe('Meeting (lines 1-9) —[Ada]→ Meeting (lines 10-20)');
  });

  it('is nothing without a walk, and tells what it can of a passage it has no title of', () => {
    expect(describePath({ seeds: ['ada'], paths: [] }, [])).toBe('');
    expect(describePath({ seeds: [], paths: [['a', 'ada', 'b']], titles: { b: 'Ada' } }, [])).toBe('another passage —[Ada]→ Ada');
  });
});
