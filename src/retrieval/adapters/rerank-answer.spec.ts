import fc from 'fast-check';
import { parseRerankAnswer } from './rerank-answer.ts';

describe('parseRerankAnswer', () => {
  it.each([
    ['{"order": [3, 1, 2, 4]}', [2, 0, 1, 3]],
    ['{"order": [4]}', [3, 0, 1, 2]],
    ['{"order": []}', [0, 1, 2, 3]],
    ['[2, 3]', [1, 2, 0, 3]],
    ['```json\n{"order": [2]}\n```', [1, 0, 2, 3]],
    ['The best passages are: {"order": [2, 1]}. I hope this helps!', [1, 0, 2, 3]],
    ['Sure: [4, 2]', [3, 1, 0, 2]],
    ['{"order": ["3", "[1]", " 2 "]}', [2, 0, 1, 3]],
    ['{"order": [9, 2, 0, -1, 1.5, 2, null, "x", {"number": 1}]}', [1, 0, 2, 3]],
    ['{"order": [2], "reason": "it says so"}', [1, 0, 2, 3]],
  ])('reads %j', (content, order) => {
    expect(parseRerankAnswer(content, 4)).toEqual(order);
  });

  it.each(['', 'Passage three is the best.', '{"order": "3, 1"}', '{"ranking": [1]}', '{"order": [17, 99]}', '{"order": [1', 'null', '42'])('takes %j for none', (content) => {
    expect(parseRerankAnswer(content, 4)).toBeUndefined();
  });

  it('never adds or loses a passage, whatever is said', () => {
    const said = fc.oneof(fc.string(), fc.json(), fc.array(fc.oneof(fc.integer({ min: -5, max: 30 }), fc.string(), fc.double())).map((order) => JSON.stringify({ order })));
    fc.assert(
      fc.property(said, fc.nat(25), (content, count) => {
        const order = parseRerankAnswer(content, count);
        if (order !== undefined) expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
      }),
    );
  });
});
