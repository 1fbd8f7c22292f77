import fc from 'fast-check';
import { type MarkerPiece, MarkerStream } from './marker-stream.ts';

function read(parts: readonly string[]): MarkerPiece[] {
  const stream = new MarkerStream();
  return [...parts.flatMap((part) => stream.push(part)), ...stream.end()];
}

const said = (pieces: readonly MarkerPiece[]): string => pieces.map((piece) => (piece.kind === 'text' ? piece.text : `${piece.lead}<${piece.numbers.join('|')}>`)).join('');

describe('MarkerStream', () => {
  it.each([
    [['It is so [1].'], 'It is so <1>.'],
    [['It is so ', '[', '1', ']', '.'], 'It is so <1>.'],
    [['so [1][2] and [3, 4;5]'], 'so <1><2> and <3|4|5>'],
    [['a [x] b [ 1 ] c [1'], 'a [x] b [ 1 ] c [1'],
    [['[[1]]'], '[<1>]'],
    [['[12345]'], '[12345]'],
    [['space at the end  '], 'space at the end  '],
    [['see [1', ',', ' 2', '] there'], 'see <1|2> there'],
  ])('reads %j', (parts, expected) => {
    expect(said(read(parts))).toBe(expected);
  });

  it('does not hold back what cannot become a marker', () => {
    expect(new MarkerStream().push('plain text')).toEqual([{ kind: 'text', text: 'plain text' }]);
    expect(said(new MarkerStream().push(`[${'1,'.repeat(50)}`))).toContain('[');
  });

  it('reads the same however the text is cut, and loses nothing', () => {
    const piece = fc.constantFrom('[1]', ' [2, 3]', '[', ']', '1', ' ', ',', 'word', ' [9', '\n', '.');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.array(fc.nat(3), { maxLength: 200 }), (pieces, cuts) => {
        const text = pieces.join('');
        const parts: string[] = [];
        let at = 0;
        for (const cut of cuts) {
          parts.push(text.slice(at, at + cut));
          at += cut;
        }
        parts.push(text.slice(at));
        expect(said(read(parts))).toBe(said(read([text])));
        expect(said(read([text])).replaceAll('<', '[').replaceAll('>', ']').replaceAll(/[|,; ]/g, '')).toBe(text.replaceAll(/[|,; ]/g, ''));
      }),
    );
  });
});
