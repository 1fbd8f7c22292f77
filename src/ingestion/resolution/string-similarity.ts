/** Letters at the beginning that count more, and how much. */
const PREFIX = 4;
const PREFIX_WEIGHT = 0.1;

/**
 * How alike two strings are, 0 to 1, by code units. Jaro: M. A. Jaro, "Advances in record-linkage methodology…", JASA 84 (1989); with
 * the prefix of W. E. Winkler, "String comparator metrics and enhanced decision rules…" (1990).
 */
export function jaroWinkler(a: string, b: string): number {
  if (a === b) return 1;
  const jaro = jaroOf(a, b);
  let prefix = 0;
  while (prefix < PREFIX && prefix < Math.min(a.length, b.length) && a[prefix] === b[prefix]) prefix += 1;
  return jaro + prefix * PREFIX_WEIGHT * (1 - jaro);
}

function jaroOf(a: string, b: string): number {
  const reach = Math.max(0, Math.floor(Math.max(a.length, b.length) / 2) - 1);
  const taken = new Uint8Array(b.length);
  const fromA: string[] = [];
  for (let i = 0; i < a.length; i += 1) {
    for (let j = Math.max(0, i - reach); j < Math.min(b.length, i + reach + 1); j += 1) {
      if (taken[j] === 1 || a[i] !== b[j]) continue;
      taken[j] = 1;
      fromA.push(a[i] ?? '');
      break;
    }
  }
  const common = fromA.length;
  if (common === 0) return 0;
  const fromB = Array.from(b).filter((_, j) => taken[j] === 1);
  const moved = fromA.filter((letter, i) => letter !== fromB[i]).length / 2;
  return (common / a.length + common / b.length + (common - moved) / common) / 3;
}
