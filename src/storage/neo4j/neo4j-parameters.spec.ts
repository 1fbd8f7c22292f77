import { driverParameters } from './neo4j-parameters.ts';

const whole = (value: number): string => `int ${String(value)}`;

describe('driverParameters', () => {
  it('sends whole numbers as integers, wherever they are, and others as floats', () => {
    expect(driverParameters({ a: 1, b: 1.5, c: [2, 0.5], d: { e: [{ f: -3 }] }, g: 2 ** 60 }, whole)).toEqual({
      a: 'int 1',
      b: 1.5,
      c: ['int 2', 0.5],
      d: { e: [{ f: 'int -3' }] },
      g: 2 ** 60,
    });
  });

  it('sends typed arrays as lists of floats, also when every number is whole', () => {
    expect(driverParameters({ v: Float32Array.of(1, 2), w: Float64Array.of(0.1) }, whole)).toEqual({ v: [1, 2], w: [0.1] });
  });

  it('leaves everything else as it is', () => {
    const bytes = Uint8Array.of(1);
    const date = new Date();
    const given = { text: '1', yes: true, none: null, bytes, date, big: 5n, absent: undefined };
    expect(driverParameters(given, whole)).toEqual(given);
  });

  it('takes a key of any name', () => {
    const given = JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}') as Record<string, unknown>;
    expect(Object.entries(driverParameters(given, whole))).toEqual([
      ['__proto__', { a: 'int 1' }],
      ['constructor', 'int 2'],
    ]);
  });
});
