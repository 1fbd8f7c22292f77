import { scanTerms } from '../../indexing/packed-terms.ts';
import { TermMemory } from './term-memory.ts';

function read(memory: TermMemory, packed: Int32Array, stems: readonly string[]): [string | undefined, number][] {
  const stemOf = new Map(stems.map((stem) => [memory.numberOf(stem), stem]));
  const found: [string | undefined, number][] = [];
  scanTerms(packed, (term, sentence) => found.push([stemOf.get(term), sentence]));
  return found;
}

describe('TermMemory', () => {
  it('packs title and sentences, also empty ones', () => {
    const memory = new TermMemory();
    const packed = memory.packed('w', 1, { titleStems: 'old bridg', bodyStems: 'ulm\n\nbridg ulm' });
    expect(read(memory, packed, ['old', 'bridg', 'ulm'])).toEqual([['old', -1], ['bridg', -1], ['ulm', 0], ['bridg', 2], ['ulm', 2]]);
  });

  it('remembers a passage of a workspace, and takes none of another for it', () => {
    const memory = new TermMemory();
    const one = memory.packed('one', 1, { titleStems: 'a', bodyStems: '' });
    expect(memory.packed('one', 1, { titleStems: 'a', bodyStems: '' })).toBe(one);
    expect(read(memory, memory.packed('two', 1, { titleStems: 'b', bodyStems: '' }), ['a', 'b'])).toEqual([['b', -1]]);
  });
});
