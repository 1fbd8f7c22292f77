import { sentences } from '../../common/text/sentences.ts';
import type { GraphPicture, Passage, WorkspaceRef } from '../../graph/graph.types.ts';
import type { PassageIndex } from '../../graph/passage-index.port.ts';
import { describePlace } from '../output/passages.ts';

/** A passage that asserts a relation, for a person to read. */
export interface ShownEvidence {
  readonly documentId: string;
  readonly chunkId: string;
  /** The document with the place in it: `notes/a.md, lines 3-7`; the document's id when the passage has gone meanwhile. */
  readonly place: string;
  /** The document's title; empty when the passage has gone. */
  readonly title: string;
  /** What the passage says of the two, cut short; empty when it has gone. */
  readonly quote: string;
}

/** Passages read at once. */
const BATCH = 200;
/** Evidence of one relation that is shown; its weight tells how much there is. */
const SHOWN = 5;
const QUOTE_LENGTH = 260;

interface Wanted {
  readonly edge: number;
  readonly nth: number;
  readonly names: readonly string[];
}

/** For each edge of a picture its first few passages, with what they say. Passages are read in batches and none is kept whole. */
export async function readEvidence(index: PassageIndex, workspace: WorkspaceRef, { nodes, edges }: GraphPicture): Promise<ShownEvidence[][]> {
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  const wanted = new Map<string, Wanted[]>();
  const shown = edges.map(({ source, target, evidence }, edge) =>
    evidence.slice(0, SHOWN).map((each, nth): ShownEvidence => {
      const list = wanted.get(each.chunkId) ?? [];
      wanted.set(each.chunkId, list);
      list.push({ edge, nth, names: [names.get(source) ?? '', names.get(target) ?? ''] });
      return { ...each, place: each.documentId, title: '', quote: '' };
    }),
  );
  const chunkIds = [...wanted.keys()];
  for (let start = 0; start < chunkIds.length; start += BATCH) {
    for (const passage of await index.chunks(workspace, chunkIds.slice(start, start + BATCH))) fill(shown, passage, wanted.get(passage.chunkId) ?? []);
  }
  return shown;
}

function fill(shown: ShownEvidence[][], passage: Passage, wanted: readonly Wanted[]): void {
  const list = sentences(passage.text).map(({ start, end }) => passage.text.slice(start, end));
  const { documentId, chunkId } = passage;
  const place = describePlace({ ...passage, title: passage.documentTitle });
  for (const { edge, nth, names } of wanted) {
    const row = shown[edge];
    if (row !== undefined) row[nth] = { documentId, chunkId, place, title: passage.documentTitle, quote: quoteOf(list, names) };
  }
}

/** The first sentence that names both, else one of them, the later name first: a passage is often about the other one all through. */
export function quoteOf(list: readonly string[], names: readonly string[]): string {
  const [source = '', target = ''] = names.map((name) => name.toLowerCase());
  const has = (sentence: string, name: string): boolean => name !== '' && sentence.toLowerCase().includes(name);
  const found = list.find((each) => has(each, source) && has(each, target)) ?? list.find((each) => has(each, target)) ?? list.find((each) => has(each, source)) ?? list[0] ?? '';
  const at = has(found, target) ? found.toLowerCase().indexOf(target) : 0;
  return cut(found.replaceAll(/\s+/g, ' '), at);
}

/** At most `QUOTE_LENGTH` units around a place, from word to word. */
function cut(text: string, at: number): string {
  if (text.length <= QUOTE_LENGTH) return text;
  const start = Math.max(0, Math.min(at - QUOTE_LENGTH / 2, text.length - QUOTE_LENGTH));
  const part = text.slice(start, start + QUOTE_LENGTH);
  const head = start === 0 ? part : `… ${part.replace(/^\S*\s/, '')}`;
  return start + QUOTE_LENGTH >= text.length ? head : `${head.replace(/\s\S*$/, '')} …`;
}
