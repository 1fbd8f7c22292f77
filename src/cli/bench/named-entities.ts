import { isStopName, MAX_NAME_WORDS } from '../../common/text/names.ts';
import { words } from '../../common/text/words.ts';
import type { WorkspaceRef } from '../../graph/graph.types.ts';
import type { KnowledgeGraph } from '../../graph/knowledge-graph.port.ts';

/** Words of a question that are looked at, as retrieval does. */
const LONGEST_QUESTION = 512;
/** Names that are looked up at once. */
const BATCH = 500;

/** Runs of words of a question, normalised, the longest first. */
function runsOf(question: string): { readonly norm: string; readonly start: number; readonly end: number }[] {
  const norms = words(question, LONGEST_QUESTION).map(({ norm }) => norm);
  const runs = norms.flatMap((_, start) =>
    Array.from({ length: Math.min(MAX_NAME_WORDS, norms.length - start) }, (__, i) => {
      const end = start + i + 1;
      return { norm: norms.slice(start, end).join(' '), start, end };
    }),
  );
  return runs.filter(({ norm }) => !isStopName(norm)).sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start);
}

/** The longest names of a question that do not share a word. */
function namesOf(question: string, known: ReadonlySet<string>): string[] {
  const taken = new Set<number>();
  const names: string[] = [];
  for (const { norm, start, end } of runsOf(question)) {
    const places = Array.from({ length: end - start }, (_, i) => start + i);
    if (!known.has(norm) || places.some((place) => taken.has(place))) continue;
    for (const place of places) taken.add(place);
    names.push(norm);
  }
  return names;
}

/**
 * The names that questions mention and the graph knows, in the order of the questions, each once: of every question the longest that do
 * not overlap. The same questions on the same graph give the same names, whatever the store.
 */
export async function namesInQuestions(graph: KnowledgeGraph, workspace: WorkspaceRef, questions: readonly string[]): Promise<string[]> {
  const ngrams = [...new Set(questions.flatMap((question) => runsOf(question).map(({ norm }) => norm)))];
  const known = new Set<string>();
  for (let start = 0; start < ngrams.length; start += BATCH) {
    const { names } = await graph.namesIn(workspace, { ngrams: ngrams.slice(start, start + BATCH), near: [] });
    for (const norm of names.norms) known.add(norm);
  }
  return [...new Set(questions.flatMap((question) => namesOf(question, known)))];
}
