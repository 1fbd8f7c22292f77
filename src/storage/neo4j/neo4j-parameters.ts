import type { CypherParameters } from './neo4j.types.ts';

/** Makes the driver's integer of a whole number. */
type ToInteger = (value: number) => unknown;

/**
 * Parameters as the driver must be given them: it sends every JavaScript number as a float, which Cypher refuses where it wants an
 * integer (`LIMIT`), and it knows no typed arrays of floats.
 */
export function driverParameters(parameters: CypherParameters, toInteger: ToInteger): Record<string, unknown> {
  return converted(parameters, toInteger) as Record<string, unknown>;
}

function converted(value: unknown, toInteger: ToInteger): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? toInteger(value) : value;
  return typeof value === 'object' && value !== null ? convertedObject(value, toInteger) : value;
}

function convertedObject(value: object, toInteger: ToInteger): unknown {
  if (Array.isArray(value)) return value.map((item) => converted(item, toInteger));
  if (value instanceof Float32Array || value instanceof Float64Array) return listOf(value);
  if (!isPlain(value)) return value;
  // Not by assignment, which would take `__proto__` for something else than a key.
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, converted(item, toInteger)]));
}

/** Vectors make up most of what is written, and this is many times as fast as Array.from, which asks an iterator for each number. */
function listOf(numbers: Float32Array | Float64Array): number[] {
  const list = new Array<number>(numbers.length);
  for (let i = 0; i < list.length; i += 1) list[i] = numbers[i] ?? 0;
  return list;
}

/** Dates, bytes and the driver's own types go as they are. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}
