import type { MatchablePassage } from '../../common/text/analysis.ts';
import { type KnownNames, mentionsIn, type PackedSentence } from '../../common/text/mentions.ts';
import { COMMON_WORDS } from '../../common/text/stop-words.ts';
import { GIVEN, IN_TITLE, MENTION, type NameLink, TITLE } from './name-links.ts';

/** The walk names, as links are made of them. */
export interface LinkableNames extends KnownNames {
  /** The integer of a walk name, else 0. */
  readonly idOf: (norm: string) => number;
  /** The norm of a walk name, nothing of what is none. */
  readonly walkNorm: (id: number) => string | undefined;
}

/** The links of a passage: its own ones that do not depend on other passages, then its mentions and the names in its title. */
export function linksOf(text: MatchablePassage, own: readonly NameLink[], names: LinkableNames): NameLink[] {
  return [...own, ...mentions(text.sentences, own, names), ...inTitle(text.titleNorm, own, names)];
}

/** Those of a passage's links that its text and its extraction alone give. */
export function ownLinks(links: readonly NameLink[]): NameLink[] {
  return links.filter((link) => link.kind !== MENTION && link.kind !== IN_TITLE);
}

function mentions(sentences: readonly PackedSentence[], own: readonly NameLink[], names: LinkableNames): NameLink[] {
  const found = new Map<number, number[]>();
  for (const [sentence, text] of sentences.entries()) {
    for (const norm of mentionsIn(text, names)) {
      const id = names.idOf(norm);
      const known = found.get(id);
      if (known === undefined) found.set(id, [sentence]);
      else if (known.at(-1) !== sentence) known.push(sentence);
    }
  }
  for (const { name } of own.filter((link) => link.kind === GIVEN)) mentionGiven(name, { sentences, found, names });
  return [...found].map(([name, where]) => ({ kind: MENTION, name, sentences: where }));
}

/** A given name is mentioned wherever its words stand, with a capital or without; if nowhere, all of the passage is about it. */
function mentionGiven(
  id: number,
  { sentences, found, names }: { readonly sentences: readonly PackedSentence[]; readonly found: Map<number, number[]>; readonly names: LinkableNames },
): void {
  const norm = names.walkNorm(id);
  if (norm === undefined) return;
  const holding = [...sentences.keys()].filter((i) => padded(sentences[i]?.norms ?? '').includes(padded(norm)));
  const all = holding.length === 0 ? [...sentences.keys()] : holding;
  found.set(id, [...new Set([...(found.get(id) ?? []), ...all])].sort((a, b) => a - b));
}

function inTitle(titleNorm: string, own: readonly NameLink[], names: LinkableNames): NameLink[] {
  const known: KnownNames = { lengths: names.lengths, has: (name) => name !== titleNorm && names.idOf(name) !== 0 };
  const ownNames = new Set(own.filter((link) => link.kind === TITLE).map((link) => link.name));
  const ids = mentionsIn(markedWhole(titleNorm), known)
    .filter((norm) => !COMMON_WORDS.has(norm))
    .map((norm) => names.idOf(norm));
  return [...new Set(ids)].filter((name) => !ownNames.has(name)).map((name) => ({ kind: IN_TITLE, name, sentences: [] }));
}

/** A title, every word of which may mark a name. */
export function markedWhole(titleNorm: string): PackedSentence {
  return { norms: titleNorm, marks: '1'.repeat(titleNorm.length) };
}

/** Names that count the passage among theirs: its titles and its mentions. */
export function countedNames(links: readonly NameLink[]): Set<number> {
  return new Set(links.filter((link) => link.kind === TITLE || link.kind === MENTION).map((link) => link.name));
}

/** Links of the first list that the second has not, whatever their sentences. */
export function linksWithout(links: readonly NameLink[], others: readonly NameLink[]): NameLink[] {
  const key = (link: NameLink): number => link.name * 8 + link.kind;
  const known = new Set(others.map(key));
  return links.filter((link) => !known.has(key(link)));
}

/** Whole words only: a space at both ends. */
function padded(text: string): string {
  return ` ${text} `;
}
