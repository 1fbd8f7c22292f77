import { abortable } from './abortable.ts';
import { Gate } from './gate.ts';
import { SharedFlight } from './shared-flight.ts';
import { untilAborted } from './until-aborted.ts';

const reason = new Error('enough');

describe('Gate', () => {
  it('lets so many in at once, the others in order of arrival', async () => {
    const gate = new Gate(2);
    const order: string[] = [];
    const doors = ['a', 'b', 'c', 'd'].map((name) => ({ name, ...Promise.withResolvers<undefined>() }));
    const runs = doors.map(({ name, promise }) =>
      gate.run(async () => {
        order.push(name);
        await promise;
      }),
    );
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    expect([order.join(''), gate.active, gate.waiting]).toEqual(['ab', 2, 2]);
    doors[1]?.resolve(undefined);
    await runs[1];
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    expect(order.join('')).toBe('abc');
    for (const door of doors) door.resolve(undefined);
    await Promise.all(runs);
    expect([gate.active, gate.waiting]).toEqual([0, 0]);
  });

  it('gives the place on when the work throws', async () => {
    const gate = new Gate(1);
    await expect(gate.run(() => Promise.reject(reason))).rejects.toBe(reason);
    expect(await gate.run(() => Promise.resolve('next'))).toBe('next');
  });

  it('lets an aborted waiter leave without taking a place', async () => {
    const gate = new Gate(1);
    const door = Promise.withResolvers<undefined>();
    const first = gate.run(() => door.promise);
    const controller = new AbortController();
    const second = gate.run(() => Promise.resolve(), controller.signal);
    const third = gate.run(() => Promise.resolve('third'));
    controller.abort(reason);
    await expect(second).rejects.toBe(reason);
    door.resolve(undefined);
    await first;
    expect(await third).toBe('third');
    await expect(gate.run(() => Promise.resolve(), controller.signal)).rejects.toBe(reason);
    expect(gate.active).toBe(0);
  });
});

describe('SharedFlight', () => {
  it('runs the work of a key once for all who come meanwhile', async () => {
    const flights = new SharedFlight<number>();
    const door = Promise.withResolvers<number>();
    let runs = 0;
    const work = (): Promise<number> => {
      runs += 1;
      return door.promise;
    };
    const all = [flights.run('k', work), flights.run('k', work), flights.run('other', () => Promise.resolve(2))];
    door.resolve(1);
    expect(await Promise.all(all)).toEqual([1, 1, 2]);
    expect([runs, flights.size]).toEqual([1, 0]);
  });

  it('lets one leave, and stops the work when the last one has left', async () => {
    const flights = new SharedFlight<number>();
    const [a, b] = [new AbortController(), new AbortController()];
    let stopped = false;
    const work = (signal: AbortSignal): Promise<number> => {
      signal.addEventListener('abort', () => (stopped = true));
      return new Promise(() => undefined);
    };
    const runs = [flights.run('k', work, a.signal), flights.run('k', work, b.signal)];
    a.abort(reason);
    await expect(runs[0]).rejects.toBe(reason);
    expect(stopped).toBe(false);
    b.abort(reason);
    await expect(runs[1]).rejects.toBe(reason);
    expect([stopped, flights.size]).toEqual([true, 0]);
  });
});

describe('abortable', () => {
  it('gives what the promise gives, unless it is aborted first', async () => {
    expect(await abortable(Promise.resolve(1), undefined)).toBe(1);
    expect(await abortable(Promise.resolve(1), new AbortController().signal)).toBe(1);
    await expect(abortable(Promise.reject(reason), undefined)).rejects.toBe(reason);
    const controller = new AbortController();
    const waiting = abortable(new Promise(() => undefined), controller.signal);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(abortable(new Promise(() => undefined), controller.signal)).rejects.toBe(reason);
  });
});

describe('untilAborted', () => {
  async function* forever(stopped: () => void): AsyncGenerator<number> {
    try {
      yield 1;
      yield await new Promise<number>(() => undefined);
    } finally {
      stopped();
    }
  }

  it('passes parts on and ends a step that waits', async () => {
    const controller = new AbortController();
    const parts = untilAborted(forever(() => undefined), controller.signal);
    expect(await parts.next()).toEqual({ value: 1, done: false });
    const next = parts.next();
    controller.abort(reason);
    await expect(next).rejects.toBe(reason);
  });

  it('stops the source when the reader leaves early', async () => {
    let stopped = false;
    for await (const part of untilAborted(forever(() => (stopped = true)), new AbortController().signal)) {
      expect(part).toBe(1);
      break;
    }
    expect(stopped).toBe(true);
  });
});
