import { type HopColumns, LINK_OWN_TITLE } from '../../graph/retrieval-columns.types.ts';
import type { RetrievalConfig } from '../retrieval-config.ts';
import { type NameView, rowOf } from './names.ts';

/** The title's number among the sentences. */
const TITLE = -1;

/** What links are weighed by. */
export interface LinkContext {
  /** idf of the question's stems, in order. */
  readonly idf: readonly number[];
  /** Names of the question, by key: the walk does not go over them. */
  readonly asked: ReadonlySet<number>;
  readonly config: RetrievalConfig;
}

/** A name a passage leads to, with the weight of the link. */
export interface Link {
  /** Row of the hop's names. */
  readonly row: number;
  readonly weight: number;
}

interface RawLink {
  readonly row: number;
  readonly own: boolean;
  readonly sentences: Int32Array;
}

/**
 * The links of the beam's passage `index`: over the names it mentions w = u / (Σu)^crowd with u = (base + sim) · specificity, where
 * sim is the best of its sentences' shares of the question's idf; over its own title names w = backlink · specificity.
 */
export function linksOf(columns: HopColumns, index: number, names: readonly NameView[], context: LinkContext): Link[] {
  const { config } = context;
  const raw = rawLinks(columns, index);
  const own = new Set(raw.filter((link) => link.own).map((link) => link.row));
  const similarity = sentenceSimilarity(columns, index, context);
  const mentions = raw
    .filter((link) => !link.own && !own.has(link.row) && leads(names[link.row], context.asked))
    .map((link) => ({
      row: link.row,
      weight: (config.sentenceBase + Math.max(...Array.from(link.sentences, similarity))) * (names[link.row]?.specificity ?? 0),
    }));
  const crowd = mentions.reduce((sum, link) => sum + link.weight, 0) ** config.crowd || 1;
  return [
    ...mentions.map((link) => ({ row: link.row, weight: link.weight / crowd })),
    ...Array.from(own, (row) => ({ row, weight: config.backlink * (names[row]?.specificity ?? 0) })),
  ];
}

function rawLinks(columns: HopColumns, index: number): RawLink[] {
  const first = columns.links.offsets[index] ?? 0;
  return Array.from(rowOf(columns.links, index), (row, i) => ({
    row,
    own: columns.linkKinds[first + i] === LINK_OWN_TITLE,
    sentences: rowOf(columns.linkSentences, first + i),
  }));
}

/** A name that the question names, or that no other passage has, leads nowhere. */
function leads(name: NameView | undefined, asked: ReadonlySet<number>): boolean {
  return name !== undefined && !asked.has(name.key) && (name.hasTitle || name.frequency > 1);
}

/** For a sentence's number the share of the question's idf found in the sentence and the title. */
function sentenceSimilarity(columns: HopColumns, index: number, { idf }: LinkContext): (sentence: number) => number {
  const hits = rowOf(columns.stemHits, index);
  const add = (sentence: number, stem: number): void => {
    found.set(sentence, (found.get(sentence) ?? 0) + (idf[stem] ?? 0));
  };
  const inTitle = new Set<number>();
  const found = new Map<number, number>();
  for (let i = 0; i < hits.length; i += 2) {
    const [sentence = 0, stem = 0] = hits.subarray(i, i + 2);
    if (inTitle.has(stem)) continue;
    if (sentence < 0) inTitle.add(stem);
    add(sentence, stem);
  }
  const total = sumOf(idf) || 1;
  const ofTitle = found.get(TITLE) ?? 0;
  return (sentence) => (ofTitle + (found.get(sentence) ?? 0)) / total;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
