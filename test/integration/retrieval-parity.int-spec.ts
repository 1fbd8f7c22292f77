import { readdirSync, readFileSync } from 'node:fs';
import type { WorkspaceRef } from '../../src/graph/graph.types.ts';
import { RETRIEVE } from '../../src/retrieval/chain/retrieve.program.ts';
import { RETRIEVAL_DEFAULTS, type RetrievalConfig } from '../../src/retrieval/retrieval-config.ts';
import { type GraphStack, publishAll, sqliteStack, type TestDocument } from '../fixtures/graph-stack.ts';
import { readJsonLines, sharedDataMissing, sharedFile } from '../fixtures/shared-data.ts';

interface Expected {
  readonly id: string;
  readonly top10: readonly string[];
}

const missing = sharedDataMissing();
const when = missing === undefined ? describe : describe.skip;

function passagesOf(set: string): TestDocument[] {
  if (set !== 'qmsum') {
    const rows = readJsonLines<{ id: string; title: string; text: string }>(sharedFile('data', 'retrieval', set, 'corpus.jsonl'));
    return rows.map(({ id, title, text }) => ({ id, title, texts: [text] }));
  }
  const folder = sharedFile('data', 'transcripts', 'qmsum');
  const files = readdirSync(folder).filter((name) => name.endsWith('.txt')).sort();
  return files.flatMap((name) => {
    const lines = readFileSync(`${folder}/${name}`, 'utf8').replace(/\n$/, '').split('\n');
    return Array.from({ length: Math.ceil(lines.length / 10) }, (_, i) => ({
      id: `${name}:${String(i * 10 + 1)}-${String(Math.min(lines.length, i * 10 + 10))}`,
      title: '',
      texts: [lines.slice(i * 10, i * 10 + 10).join('\n')],
    }));
  });
}

function questionsOf(set: string): { id: string; question: string }[] {
  return readJsonLines(set === 'qmsum' ? sharedFile('data', 'transcripts', 'qmsum', 'questions.jsonl') : sharedFile('data', 'retrieval', set, 'questions.jsonl'));
}

/** The reference's two bases: 1,000 passages of the text index, and exact BM25F of every passage with a word of the question. */
const BASES: Readonly<Record<string, Partial<RetrievalConfig>>> = {
  fts5: { lexicalTop: 1000, rescoreWeight: 0 },
  bm25f: { lexicalTop: 10_000, rescoreWeight: 1, pairWeight: 0 },
};
/** No word of the question is left out, and every untitled name seeds alike. */
const AS_REFERENCE = { lexicalPostings: Number.POSITIVE_INFINITY, untitledSpecificity: 0, fewByWord: false, residualTargets: false };

async function topTen(stack: GraphStack, workspace: WorkspaceRef, query: string, base: string): Promise<string[]> {
  const config = { ...RETRIEVAL_DEFAULTS, ...AS_REFERENCE, ...BASES[base] };
  const { passages } = await stack.programs.run(workspace, RETRIEVE, { query, k: 10, config });
  return passages.map(({ passage }) => passage.externalId);
}

/**
 * The chain against the executable reference of the recipe: the same first ten passages, in order, for at least 95 % of the questions
 * of each set, on the text index's own ranking and on exact BM25F.
 */
when(`The ranking equals the reference${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  it.each(['musique', '2wiki', 'hotpotqa', 'qmsum'])('on %s', async (set) => {
    const stack = sqliteStack();
    try {
      const workspace = await stack.workspace();
      await publishAll(stack, workspace, passagesOf(set), 1000);
      const questions = new Map(questionsOf(set).map((row) => [row.id, row.question]));
      for (const base of Object.keys(BASES)) {
        const expected = readJsonLines<Expected>(sharedFile('retrieval', 'expected', base, `${set}.jsonl`));
        const differing: string[] = [];
        for (const { id, top10 } of expected) {
          const found = await topTen(stack, workspace, questions.get(id) ?? '', base);
          if (found.join() !== top10.join()) differing.push(`${base} ${id}: ${found.join(' ')} instead of ${top10.join(' ')}`);
        }
        expect(differing.slice(0, Math.max(0, differing.length - Math.floor(expected.length * 0.05)))).toEqual([]);
      }
    } finally {
      await stack.close();
    }
  }, 240_000);
});
