import { Interruption } from './interruption.ts';

describe('Interruption', () => {
  const listeners = (): number => process.listenerCount('SIGINT') + process.listenerCount('SIGTERM');

  it('hears signals until it hands the process over to a service', () => {
    const before = listeners();
    const interruption = new Interruption();
    expect([listeners(), interruption.isHandedOver]).toEqual([before + 2, false]);
    interruption.handOver();
    expect([listeners(), interruption.isHandedOver, interruption.signal.aborted]).toEqual([before, true, false]);
  });
});
