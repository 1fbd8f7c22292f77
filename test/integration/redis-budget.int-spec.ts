import { RandomIdSource } from '../../src/common/clock/random-id-source.ts';
import { RedisRateBudget } from '../../src/models/limits/redis-rate-budget.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { RecordedLogs } from '../fakes/recorded-logs.ts';
import { TcpFaultProxy } from '../fakes/tcp-fault-proxy.ts';
import { describeWith, redisService } from '../fixtures/services.ts';

const ids = new RandomIdSource();
/** Longer than Redis is left alone after a fault. */
const LATER_MS = 3000;
const HOUR_MS = 3_600_000;

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => { setImmediate(resolve); });
}

describeWith(await redisService(), 'A budget of model calls in Redis', (url) => {
  const opened: RedisRateBudget[] = [];
  let account: string;
  let logs: RecordedLogs;
  let clock: FakeClock;
  beforeEach(() => {
    account = ids.uuid();
    logs = new RecordedLogs();
    clock = new FakeClock();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((budget) => budget.close()));
    logs.stop();
  });

  const open = async (limits: { requestsPerMinute?: number; tokensPerMinute?: number }, address = url): Promise<RedisRateBudget> => {
    const { requestsPerMinute, tokensPerMinute } = limits;
    const budget = await RedisRateBudget.open({ url: address, account, limits: { requestsPerMinute, tokensPerMinute }, clock, ids });
    opened.push(budget);
    return budget;
  };
  /**
   * Takes all there is in Redis. Each time an hour of the replica's own clock goes by first: its share, which it uses until it is
   * connected, would be full again, so only Redis can say that there is nothing left.
   */
  const emptied = (budget: RedisRateBudget, tokens = 0): Promise<void> =>
    until(async () => {
      await clock.advance(HOUR_MS);
      return (await budget.take(tokens)) > 0;
    });

  it('is one for all replicas', async () => {
    // One request in ten seconds. The clock of a replica plays no part in it, so only Redis says that there is none left.
    const [first, second] = [await open({ requestsPerMinute: 6 }), await open({ requestsPerMinute: 6 })];
    await emptied(first);
    await emptied(second);
    for (const budget of [first, second, first]) {
      await clock.advance(HOUR_MS);
      expect(await budget.take(0)).toBeGreaterThan(5000);
    }
  });

  it('counts tokens, and takes a correction', async () => {
    const budget = await open({ tokensPerMinute: 600 });
    await emptied(budget, 100);
    await clock.advance(HOUR_MS);
    expect(await budget.take(60)).toBeGreaterThan(0);
    budget.settle(-100);
    await until(async () => (await budget.take(60)) === 0);
  });

  it('is divided among the replicas while Redis is away, and shared again when it is back', async () => {
    const { hostname, port, password } = new URL(url);
    const proxy = await TcpFaultProxy.start({ host: hostname, port: Number(port) });
    const through = `redis://:${password}@127.0.0.1:${String(proxy.port)}`;
    const warned = (words: string): boolean => logs.texts('warn').some((text) => text.includes(words));
    try {
      const [first, second] = [await open({ requestsPerMinute: 240 }, through), await open({ requestsPerMinute: 240 }, through)];
      await until(async () => {
        await clock.advance(LATER_MS);
        await second.take(0);
        return (await first.take(0)) > 0 && logs.texts('warn').length === logs.texts('log').length;
      });
      proxy.cutOff();
      await until(async () => {
        await first.take(0);
        return warned('1 of 2');
      });
      let taken = 0;
      for (let i = 0; i < 20; i += 1) if ((await first.take(0)) === 0) taken += 1;
      // A second's worth of its half.
      expect(taken).toBeLessThanOrEqual(2);
      proxy.heal();
      const before = logs.texts('log').length;
      await until(async () => {
        await clock.advance(LATER_MS);
        await first.take(0);
        return logs.texts('log').length > before;
      });
    } finally {
      await proxy.stop();
    }
  });
});
