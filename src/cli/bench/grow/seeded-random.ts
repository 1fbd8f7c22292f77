/** Numbers from 0 to below 1 that look random and are the same for the same seed: a linear congruential generator modulo 2^32. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    // Multiplier and increment of Press et al., "Numerical Recipes in C", second edition, section 7.1.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
