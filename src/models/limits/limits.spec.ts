import { jest } from '@jest/globals';
import fc from 'fast-check';
import { FakeClock } from '../../../test/fakes/fake-clock.ts';
import { ModelError } from '../models.errors.ts';
import type { Lane } from '../models.types.ts';
import { AdaptiveRate } from './adaptive-rate.ts';
import { Admission } from './admission.ts';
import { Circuit } from './circuit.ts';
import { FairGate } from './fair-gate.ts';
import { durationMs, limitStates } from './limit-headers.ts';
import { LocalRateBudget } from './local-rate-budget.ts';
import { TokenBucket } from './token-bucket.ts';

const never = new AbortController().signal;

describe('TokenBucket', () => {
  it('never gives more than its size and what flowed in, and never holds anybody up for longer than that takes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6000 }), fc.array(fc.record({ afterMs: fc.nat({ max: 5000 }), amount: fc.integer({ min: 1, max: 50 }) }), { maxLength: 50 }), (perMinute, wishes) => {
        const size = Math.max(1, perMinute / 60);
        const bucket = new TokenBucket(perMinute, size, 0);
        let [now, taken, largest] = [0, 0, 0];
        for (const { afterMs, amount } of wishes) {
          now += afterMs;
          now += bucket.waitMs(amount, now);
          expect(bucket.waitMs(amount, now)).toBe(0);
          bucket.take(amount, now);
          taken += amount;
          largest = Math.max(largest, amount);
        }
        expect(taken).toBeLessThanOrEqual(size + (now * perMinute) / 60_000 + largest + 0.01);
      }),
    );
  });
});

describe('Admission', () => {
  let clock: FakeClock;
  let said: string[];
  beforeEach(() => {
    clock = new FakeClock();
    said = [];
  });
  const opened = (requestsPerMinute?: number, tokensPerMinute?: number): Admission => {
    const admission = new Admission(clock, (message) => said.push(message));
    if (requestsPerMinute !== undefined || tokensPerMinute !== undefined) admission.use(new LocalRateBudget({ requestsPerMinute, tokensPerMinute }, clock));
    return admission;
  };
  /** Asks for so many calls; what was admitted so far, in order. */
  const asking = (admission: Admission, calls: readonly (readonly [Lane, tokens: number])[]): string[] => {
    const admitted: string[] = [];
    for (const [i, [lane, tokens]] of calls.entries()) {
      void admission.admit({ lane, tokens }, never).then(() => admitted.push(`${lane} ${String(i)}`));
    }
    return admitted;
  };
  const many = (lane: Lane, count: number, tokens = 0): (readonly [Lane, number])[] => Array.from({ length: count }, () => [lane, tokens] as const);

  it('lets everything go where there is no limit', async () => {
    const admitted = asking(opened(), many('bulk', 50));
    await clock.advance(0);
    expect(admitted).toHaveLength(50);
  });

  it('uses the limit of requests evenly and to the full', async () => {
    const admitted = asking(opened(600), many('bulk', 1000));
    await clock.advance(1000);
    expect(admitted.length).toBeGreaterThanOrEqual(19);
    expect(admitted.length).toBeLessThanOrEqual(21);
    await clock.advance(59_000);
    expect(admitted.length).toBeGreaterThanOrEqual(600);
    expect(admitted.length).toBeLessThanOrEqual(611);
    expect(said[0]).toContain('calls wait for it');
  });

  it('counts tokens as estimated, and corrects the estimate', async () => {
    const admission = opened(undefined, 6000);
    // A bucket of ten seconds' worth: 1000.
    const admitted = asking(admission, many('bulk', 4, 600));
    await clock.advance(0);
    expect(admitted).toHaveLength(1);
    admission.settle(-600);
    await clock.advance(1000);
    expect(admitted).toHaveLength(2);
    admission.settle(2000);
    await clock.advance(10_000);
    expect(admitted).toHaveLength(2);
    await clock.advance(12_000);
    expect(admitted).toHaveLength(3);
  });

  it('lets interactive calls go first, and bulk calls never starve', async () => {
    const admission = opened(60);
    const admitted = asking(admission, [...many('bulk', 20), ...many('interactive', 20)]);
    await clock.advance(9000);
    const lanes = admitted.map((name) => name.split(' ')[0]);
    expect(lanes.filter((lane) => lane === 'bulk').length).toBeGreaterThanOrEqual(2);
    expect(lanes.filter((lane) => lane === 'interactive').length).toBeGreaterThanOrEqual(7);
  });

  it('takes who leaves out of the line, at once', async () => {
    const admission = opened(1);
    asking(admission, many('bulk', 1));
    const controller = new AbortController();
    const waiting = admission.admit({ lane: 'bulk', tokens: 0 }, controller.signal);
    await clock.advance(0);
    expect(admission.figures().waiting.bulk).toBe(1);
    controller.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    expect(admission.figures().waiting.bulk).toBe(0);
  });

  it('asks nothing before a limit is whole again that the server says is used up, but not for ever', async () => {
    const admission = opened();
    admission.observe([{ of: 'requests', remaining: 0, limit: 100, resetMs: 500 }]);
    const admitted = asking(admission, many('interactive', 1));
    await clock.advance(499);
    expect(admitted).toEqual([]);
    await clock.advance(1);
    expect(admitted).toHaveLength(1);
    admission.observe([{ of: 'tokens', remaining: 0, limit: 100, resetMs: 3_600_000 }]);
    expect(admission.figures().pausedMs).toBe(60_000);
  });

  it('says once a minute that a limit is near', () => {
    const admission = opened();
    for (let i = 0; i < 3; i += 1) admission.observe([{ of: 'requests', remaining: 5, limit: 100, resetMs: 0 }]);
    expect(said).toEqual(["the model server's limit of requests is near: 5 of 100 are left"]);
  });

  it('slows bulk calls down after sustained refusals, not after single ones, and never interactive ones', async () => {
    const admission = opened();
    const turn = async (refused: boolean): Promise<void> => {
      await admission.admit({ lane: 'bulk', tokens: 0 }, never);
      await clock.advance(100);
      admission.ended('bulk', refused);
    };
    for (let i = 0; i < 60; i += 1) await turn(i % 5 === 0);
    expect(admission.figures().bulkPerSecond).toBeUndefined();
    for (let i = 0; i < 40; i += 1) admission.ended('bulk', true);
    expect(admission.figures().bulkPerSecond).toBeLessThan(6);
    const admitted = asking(admission, [...many('bulk', 50), ...many('interactive', 10)]);
    await clock.advance(1000);
    expect(admitted.filter((name) => name.startsWith('interactive'))).toHaveLength(10);
    expect(admitted.filter((name) => name.startsWith('bulk')).length).toBeLessThan(8);
  });
});

describe('AdaptiveRate', () => {
  it('grows back and is lifted in the end', () => {
    const rate = new AdaptiveRate();
    for (let ms = 0; ms < 4000; ms += 100) rate.started(ms);
    for (let i = 0; i < 20; i += 1) rate.ended(true, 4000);
    expect(rate.perSecond).toBeCloseTo(5, 0);
    rate.waitMs(10_000);
    expect(rate.perSecond).toBeGreaterThan(6);
    rate.waitMs(60_000);
    expect(rate.perSecond).toBeUndefined();
  });
});

describe('FairGate', () => {
  it('lets who asks for little in beside who asks for much, and each in order', async () => {
    const gate = new FairGate(1);
    const order: string[] = [];
    const leave = await gate.enter('a', never);
    const enter = async (owner: string, name: string): Promise<void> => {
      const done = await gate.enter(owner, never);
      order.push(name);
      done();
      done();
    };
    const all = [enter('a', 'a1'), enter('a', 'a2'), enter('a', 'a3'), enter('b', 'b1'), enter('b', 'b2')];
    leave();
    await Promise.all(all);
    expect(order).toEqual(['a1', 'b1', 'a2', 'b2', 'a3']);
    expect([gate.active, gate.waiting]).toEqual([0, 0]);
  });

  it('frees the place of an aborted holder, and the line of an aborted waiter', async () => {
    const gate = new FairGate(1);
    const [holder, waiter] = [new AbortController(), new AbortController()];
    await gate.enter('a', holder.signal);
    const waiting = gate.enter('a', waiter.signal);
    waiter.abort(new Error('left'));
    await expect(waiting).rejects.toThrow('left');
    holder.abort();
    expect([gate.active, gate.waiting]).toEqual([0, 0]);
  });

  it('keeps no place of a waiter that is aborted in the moment of its turn', async () => {
    const gate = new FairGate(1);
    const waiter = new AbortController();
    const leave = await gate.enter('a', never);
    const waiting = gate.enter('a', waiter.signal);
    leave();
    waiter.abort(new Error('too late'));
    await expect(waiting).rejects.toThrow('too late');
    expect([gate.active, gate.waiting]).toEqual([0, 0]);
  });
});

describe('the headers of a limit', () => {
  it.each([['1s', 1000], ['6m0s', 360_000], ['20ms', 20], ['1h30m', 5_400_000], ['2.5', 2500], ['soon', undefined], ['', undefined]])('reads %j', (text, ms) => {
    expect(durationMs(text)).toBe(ms);
  });

  it('tells what is left, as far as it is said', () => {
    const headers = new Headers({ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-limit-requests': '60', 'x-ratelimit-reset-requests': '70ms', 'x-ratelimit-remaining-tokens': 'many' });
    expect(limitStates(headers)).toEqual([{ of: 'requests', remaining: 0, limit: 60, resetMs: 70 }]);
    expect(limitStates(new Headers())).toEqual([]);
  });
});

describe('Circuit', () => {
  const away = new ModelError('model-unavailable', 'no answer', { retryable: true });
  const attempts = async (circuit: Circuit, count: number, error: Error): Promise<number> => {
    let made = 0;
    for (let i = 0; i < count; i += 1) {
      await circuit.run(() => { made += 1; return Promise.reject(error); }).catch(() => undefined);
    }
    return made;
  };

  it('opens after ten failures in a row, lets one call through later, and closes when that goes well', async () => {
    const said: string[] = [];
    const circuit = new Circuit((message) => said.push(message));
    const now = jest.spyOn(Date, 'now');
    try {
      const start = 1_000_000;
      now.mockReturnValue(start);
      expect(await attempts(circuit, 15, away)).toBe(10);
      expect(circuit.state).toBe('open');
      await expect(circuit.run(() => Promise.resolve(1))).rejects.toMatchObject({ code: 'model-unavailable', retryable: true });
      now.mockReturnValue(start + 60_000);
      expect(await circuit.run(() => Promise.resolve(1))).toBe(1);
      expect([circuit.state, said.length]).toEqual(['closed', 2]);
    } finally {
      now.mockRestore();
    }
  });

  it('takes a server that refuses for one that is there', async () => {
    const circuit = new Circuit(() => undefined);
    expect(await attempts(circuit, 30, new ModelError('model-rate-limited', 'too many', { retryable: true }))).toBe(30);
    expect(await attempts(circuit, 9, away)).toBe(9);
    await circuit.run(() => Promise.resolve(1));
    expect(await attempts(circuit, 9, away)).toBe(9);
    expect(circuit.state).toBe('closed');
  });
});
