import { asWritten } from '../../common/text/spelling.ts';
import type { RetrievedPassage, Via } from '../../retrieval/retrieval.types.ts';

/** A passage of the answer, as far as a path tells of it. */
export type PathPassage = Pick<RetrievedPassage, 'chunkId' | 'lines' | 'text' | 'title'>;

/**
 * The way of the walk to a passage, as a person would draw it: `“Night Harbour” → Night Harbour —[Ada Kern]→ Ada Kern`. First the names of
 * the question that led to the first passage, then titles of passages, with the names between them as the documents write them.
 * Nothing if the walk had no part in it.
 * @param found the passages of the answer, for how names are written and to tell chunks of one title apart
 */
export function describePath(graph: NonNullable<Via['graph']>, found: readonly PathPassage[]): string {
  const { paths, start = [], titles = {} } = graph;
  const [first] = paths;
  if (first === undefined) return '';
  const chunks = [first[0], ...paths.map(([, , to]) => to)];
  const written = writer(graph, found);
  const stop = (chunkId: string): string => {
    const title = titles[chunkId] ?? 'another passage';
    const lines = found.find((passage) => passage.chunkId === chunkId)?.lines;
    const alike = chunks.some((other) => other !== chunkId && titles[other] === title);
    return alike && lines !== undefined ? `${title} (lines ${lines.join('-')})` : title;
  };
  const asked = start.length === 0 ? '' : `${start.map((name) => `“${written(name)}”`).join(', ')} → `;
  return `${asked}${stop(first[0])}${paths.map(([, name, to]) => ` —[${written(name)}]→ ${stop(to)}`).join('')}`;
}

/** Writes names as the titles of the path do, else as the passages found. */
export function writer({ titles = {} }: NonNullable<Via['graph']>, found: readonly PathPassage[]): (name: string) => string {
  const texts = [...Object.values(titles), ...found.map(({ title }) => title), ...found.map(({ text }) => text)];
  return (name) => asWritten(name, texts);
}
