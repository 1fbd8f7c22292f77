import { InFlight } from './in-flight.ts';

describe('InFlight', () => {
  it('tells when the last one has left, and counts each leaving once', async () => {
    const flights = new InFlight();
    const [first, second] = [flights.enter(), flights.enter()];
    let drained = false;
    const waiting = flights.drained().then(() => (drained = true));
    first();
    first();
    await Promise.resolve();
    expect([flights.count, drained]).toEqual([1, false]);
    second();
    await waiting;
    expect([flights.count, drained]).toEqual([0, true]);
  });

  it('is drained at once when nothing is under way, and waits anew for what comes later', async () => {
    const flights = new InFlight();
    await flights.drained();
    const leave = flights.enter();
    let drained = false;
    void flights.drained().then(() => (drained = true));
    await Promise.resolve();
    expect(drained).toBe(false);
    leave();
  });

  it('leaves when the work throws', async () => {
    const flights = new InFlight();
    await expect(flights.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(flights.count).toBe(0);
  });
});
