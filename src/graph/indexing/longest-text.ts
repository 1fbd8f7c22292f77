/** The longest of some texts, of equals the first by code unit, so that their order does not matter; the empty one if there are none. */
export function longestText(texts: readonly string[]): string {
  return texts.reduce((best, text) => (text.length > best.length || (text.length === best.length && text < best) ? text : best), '');
}
