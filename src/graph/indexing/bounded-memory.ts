/**
 * A map that keeps what was used lately: when the newer half is full it becomes the older one and what nobody asked for since goes. So
 * nothing is moved on a hit but once a half.
 */
export class BoundedMemory<K, V> {
  readonly #limit: number;
  readonly #weight: (value: V, key: K) => number;
  #newer = new Map<K, V>();
  #older = new Map<K, V>();
  #filled = 0;

  /** @param limit sum of weights kept at most; by default a value weighs 1 */
  constructor(limit: number, weight: (value: V, key: K) => number = () => 1) {
    this.#limit = limit;
    this.#weight = weight;
  }

  get(key: K): V | undefined {
    const known = this.#newer.get(key);
    if (known !== undefined) return known;
    const old = this.#older.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: K, value: V): void {
    const weight = this.#weight(value, key);
    if (this.#filled + weight > this.#limit / 2) {
      this.#older = this.#newer;
      this.#newer = new Map();
      this.#filled = 0;
    }
    this.#newer.set(key, value);
    this.#filled += weight;
  }

  /**
   * Values of keys; those that are missing are read in one go.
   * @param read gives the values it finds; of the others `absent` is remembered
   */
  all(keys: Iterable<K>, read: (missing: K[]) => Iterable<readonly [K, V]>, absent: V): Map<K, V> {
    const found = new Map<K, V>();
    const missing: K[] = [];
    for (const key of new Set(keys)) {
      const known = this.get(key);
      if (known === undefined) missing.push(key);
      else found.set(key, known);
    }
    if (missing.length === 0) return found;
    for (const key of missing) found.set(key, absent);
    for (const [key, value] of read(missing)) found.set(key, value);
    for (const key of missing) this.set(key, found.get(key) ?? absent);
    return found;
  }
}
