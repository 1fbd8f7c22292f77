import fc from 'fast-check';
import { FakeClock } from '../../../test/fakes/fake-clock.ts';
import { FakeIdSource } from '../../../test/fakes/fake-id-source.ts';
import { retry, retryDelayMs, type RetryPolicy } from './retry.ts';

const policy: RetryPolicy = { attempts: 3, baseMs: 100, capMs: 1000, isRetryable: (error) => (error as Error).message !== 'final' };

describe('retryDelayMs', () => {
  it('draws from zero to the doubled base, never above the cap', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, random) => {
        const delay = retryDelayMs(policy, attempt, new Error(), random);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(Math.min(1000, 100 * 2 ** (attempt - 1)));
      }),
    );
  });

  it.each([[500, 500], [5000, 1000], [-3, 0], [0, 0]])('obeys a server that asks for %d ms: %d', (asked, delay) => {
    expect(retryDelayMs({ ...policy, retryAfterMs: () => asked }, 1, new Error(), 0.5)).toBe(delay);
  });
});

describe('retry', () => {
  const run = async (outcomes: (string | Error)[], signal?: AbortSignal): Promise<{ result: Promise<string>; clock: FakeClock; attempts: () => number }> => {
    const clock = new FakeClock();
    let attempts = 0;
    const work = (): Promise<string> => {
      const outcome = outcomes[attempts] ?? 'end';
      attempts += 1;
      return typeof outcome === 'string' ? Promise.resolve(outcome) : Promise.reject(outcome);
    };
    const result = retry(work, policy, { clock, ids: new FakeIdSource(), ...(signal === undefined ? {} : { signal }) });
    result.catch(() => undefined);
    for (let i = 0; i < 20; i += 1) await Promise.resolve();
    return { result, clock, attempts: () => attempts };
  };
  const settle = async (clock: FakeClock): Promise<void> => {
    for (let i = 0; i < 5; i += 1) {
      await clock.advance(1000);
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    }
  };

  it('tries again after a wait until it goes well', async () => {
    const { result, clock, attempts } = await run([new Error('one'), new Error('two'), 'well']);
    expect(attempts()).toBe(1);
    await settle(clock);
    expect(await result).toBe('well');
  });

  it('gives up with the last error, or at once with one that will not pass', async () => {
    const tired = await run([new Error('one'), new Error('two'), new Error('three'), 'never']);
    await settle(tired.clock);
    await expect(tired.result).rejects.toThrow('three');
    const final = await run([new Error('final'), 'never']);
    await expect(final.result).rejects.toThrow('final');
    expect(final.attempts()).toBe(1);
  });

  it('stops in the middle of a wait when it is aborted', async () => {
    const controller = new AbortController();
    const { result } = await run([new Error('one'), 'never'], controller.signal);
    controller.abort(new Error('enough'));
    await expect(result).rejects.toThrow('enough');
  });
});
