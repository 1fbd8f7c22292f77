import { StageTimes } from './stage-times.ts';

describe('StageTimes', () => {
  it('adds up the times of a stage that ends twice, and keeps its last count', () => {
    const stages = new StageTimes();
    stages.end('lexical', 3);
    const once = stages.ms['lexical'] ?? -1;
    stages.end('dense', 0);
    stages.end('lexical', 5);
    const { ms, counts } = stages.all;
    expect(counts).toEqual({ lexical: 5, dense: 0 });
    expect(Object.keys(ms)).toEqual(['lexical', 'dense']);
    expect(once).toBeGreaterThanOrEqual(0);
    expect(ms['lexical']).toBeGreaterThanOrEqual(once);
  });

  it('gives counts that do not change any more', () => {
    const stages = new StageTimes();
    stages.end('names', 1);
    const { counts } = stages.all;
    stages.end('names', 2);
    expect(counts).toEqual({ names: 1 });
  });
});
