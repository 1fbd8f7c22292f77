import { type Word, words } from './words.ts';

/**
 * A normalised name as one of the texts writes it, the first that does, without combining marks; as it is if none does. `ada kern`
 * becomes `Ada Kern` by "She met Ada Kern's sister."; what is written without a capital is passed over while a capital stands elsewhere.
 */
export function asWritten(name: string, texts: Iterable<string>): string {
  const norms = name.split(' ');
  let plain: string | undefined;
  for (const text of texts) {
    const list = words(text);
    for (let start = 0; start + norms.length <= list.length; start += 1) {
      if (!norms.every((norm, i) => list[start + i]?.norm === norm)) continue;
      const written = joined(list.slice(start, start + norms.length));
      if (written !== written.toLowerCase()) return written;
      plain ??= written;
    }
  }
  return plain ?? name;
}

function joined(list: readonly Word[]): string {
  const text = list.map(({ surface, gap }, i) => (i === 0 ? surface : `${gap}${surface}`)).join('');
  return text.replaceAll(/\s+/g, ' ').replace(/['’]s$/i, '');
}
