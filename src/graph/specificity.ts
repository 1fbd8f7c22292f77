/**
 * How specific a name is, in [0, 1]: min(ln(1 + N/df(e)), Σ over its words ln(1 + N/df(word))) / ln(1 + N). The second term keeps names
 * of common words weak even as rare titles.
 * @param frequency passages that have the name
 * @param wordFrequencies for each of its words that is no stop word the passages that have the word
 */
export function specificityOf(frequency: number, wordFrequencies: Iterable<number>, passageCount: number): number {
  const rarity = (df: number): number => Math.log(1 + passageCount / Math.max(df, 1));
  let ofWords = 0;
  for (const df of wordFrequencies) ofWords += rarity(df);
  return Math.min(rarity(frequency), ofWords) / Math.log(1 + passageCount);
}
