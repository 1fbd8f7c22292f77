/** Where nodes lie, by their number. */
export interface Places {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** A value of a column; 0 behind its end. */
export function at(values: Float64Array, i: number): number {
  return values[i] ?? 0;
}

/** Adds to a value of a column. */
export function add(values: Float64Array, i: number, by: number): void {
  values[i] = at(values, i) + by;
}

/** The smallest and the largest value. */
export function extent(values: Float64Array): [min: number, max: number] {
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return [min, max];
}
