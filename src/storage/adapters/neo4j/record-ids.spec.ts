import fc from 'fast-check';
import { counterOf, idRange, keyOfId, recordId, writtenKey } from './record-ids.ts';

/** As Neo4j compares: by code points, which is the order of UTF-8's bytes. */
function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function byCodeUnit(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

const key = fc.string({ unit: 'binary', maxLength: 20 });

describe('ids of records', () => {
  it('leave common keys as they are', () => {
    expect(recordId('system', 'jobs/ä/1')).toBe('system/jobs/ä/1');
  });

  it('stand for one key each', () => {
    fc.assert(fc.property(key, (text) => keyOfId(recordId('w-1', text)) === text));
  });

  it('have the order of code units for who orders by code point', () => {
    fc.assert(fc.property(key, key, (a, b) => Math.sign(byCodePoint(writtenKey(a), writtenKey(b))) === byCodeUnit(a, b)), { numRuns: 2000 });
  });

  it('lie in the range of a prefix exactly if the key starts with it', () => {
    fc.assert(
      fc.property(key, key, fc.boolean(), (prefix, rest, starts) => {
        const text = starts ? prefix + rest : rest;
        const { from, below } = idRange('s', prefix);
        const id = recordId('s', text);
        const inside = byCodePoint(id, from) >= 0 && byCodePoint(id, below) < 0;
        return inside === text.startsWith(prefix);
      }),
      { numRuns: 2000 },
    );
  });

  it('are dealt over the counters', () => {
    const counters = new Set(Array.from({ length: 2000 }, (_, i) => counterOf(`system/jobs/${String(i)}`)));
    expect(counters.size).toBeGreaterThan(250);
    expect([...counters].every((counter) => counter >= 0 && counter < 256)).toBe(true);
  });
});
