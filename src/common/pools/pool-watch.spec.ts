import { FakeClock } from '../../../test/fakes/fake-clock.ts';
import { PoolWatch } from './pool-watch.ts';

describe('PoolWatch', () => {
  const start = (): { clock: FakeClock; warnings: string[]; show: (active: number) => void } => {
    const clock = new FakeClock();
    const warnings: string[] = [];
    const watch = new PoolWatch(clock, (message) => warnings.push(message));
    return {
      clock,
      warnings,
      show: (active) => {
        watch.observe({ active, size: 10, waiting: 3 });
      },
    };
  };

  it('warns when a pool stays over 80 % for ten seconds, then once a minute', async () => {
    const { clock, warnings, show } = start();
    show(9);
    await clock.advance(9999);
    show(10);
    expect(warnings).toEqual([]);
    await clock.advance(1);
    show(10);
    expect(warnings).toEqual(['10 of 10 connections have been in use for 10 s, 3 calls wait']);
    await clock.advance(59_999);
    show(9);
    expect(warnings).toHaveLength(1);
    await clock.advance(1);
    show(9);
    expect(warnings).toHaveLength(2);
  });

  it('counts anew after a moment of 80 % or less', async () => {
    const { clock, warnings, show } = start();
    show(9);
    await clock.advance(9000);
    show(8);
    show(9);
    await clock.advance(9000);
    show(9);
    expect(warnings).toEqual([]);
  });
});
