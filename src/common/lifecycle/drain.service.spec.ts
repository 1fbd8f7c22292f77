import { Logger } from '@nestjs/common';
import { FakeClock } from '../../../test/fakes/fake-clock.ts';
import { DrainService } from './drain.service.ts';
import { ShutdownService } from './shutdown.service.ts';

const DEADLINE_MS = 10_000;

describe('DrainService', () => {
  let clock: FakeClock;
  let shutdown: ShutdownService;
  let drain: DrainService;

  beforeEach(() => {
    Logger.overrideLogger(false);
    clock = new FakeClock();
    shutdown = new ShutdownService();
    drain = new DrainService(shutdown, clock, DEADLINE_MS);
  });

  it('refuses new work from the first hook on', () => {
    expect(shutdown.stopping).toBe(false);
    drain.onModuleDestroy();
    expect([shutdown.stopping, shutdown.signal.aborted]).toEqual([true, false]);
  });

  it('does not wait when nothing is under way, and leaves no timer', async () => {
    await drain.beforeApplicationShutdown();
    expect([shutdown.signal.aborted, clock.sleeping]).toEqual([false, 0]);
  });

  it('waits for what is under way, and tells nobody who is in time', async () => {
    const leave = shutdown.requests.enter();
    const done = drain.beforeApplicationShutdown();
    await clock.advance(DEADLINE_MS - 1);
    expect(shutdown.signal.aborted).toBe(false);
    leave();
    await done;
    expect([shutdown.signal.aborted, clock.sleeping]).toEqual([false, 0]);
  });

  it('counts only what is under way at the stop: an idle moment before does not end the wait', async () => {
    shutdown.requests.enter()();
    const leave = shutdown.requests.enter();
    let over = false;
    const done = drain.beforeApplicationShutdown().then(() => (over = true));
    await clock.advance(1);
    expect(over).toBe(false);
    leave();
    await done;
  });

  it('tells who is late, with the reason, and waits for their last words', async () => {
    const leave = shutdown.requests.enter();
    shutdown.signal.addEventListener('abort', leave);
    const done = drain.beforeApplicationShutdown();
    await clock.advance(DEADLINE_MS);
    await done;
    expect(shutdown.signal.reason).toMatchObject({ code: 'shutting-down' });
  });

  it('cuts off who does not listen', async () => {
    shutdown.requests.enter();
    const done = drain.beforeApplicationShutdown();
    await clock.advance(DEADLINE_MS);
    await clock.advance(1000);
    await done;
    expect(shutdown.requests.count).toBe(1);
  });
});
