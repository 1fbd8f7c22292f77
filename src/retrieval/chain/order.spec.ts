import fc from 'fast-check';
import { bestFirst } from './order.ts';

/** Runs it with ties that follow the keys. */
function firstOf(scores: ReadonlyMap<number, number>, limit: number): number[] {
  const program = bestFirst(scores, new Map(), limit);
  let step = program.next();
  while (step.done !== true) {
    const { keys } = step.value.query as { readonly keys: readonly number[] };
    step = program.next(keys.map((key) => String(key).padStart(6, '0')));
  }
  return step.value;
}

describe('bestFirst', () => {
  it('takes the same as a full sort, however many are wanted', () => {
    const score = fc.integer({ min: -3, max: 3 }).map((value) => value / 4);
    fc.assert(
      fc.property(fc.array(score, { maxLength: 150 }), fc.integer({ min: 0, max: 80 }), (values, limit) => {
        const sorted = [...values.entries()].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([key]) => key);
        expect(firstOf(new Map(values.entries()), limit)).toEqual(sorted.slice(0, limit));
      }),
    );
  });
});
