import type { WorkspaceRef } from '../../src/graph/graph.types.ts';
import { RETRIEVE } from '../../src/retrieval/chain/retrieve.program.ts';
import { TEXT_ALONE } from '../../src/retrieval/chain/text-alone.program.ts';
import { RETRIEVAL_DEFAULTS } from '../../src/retrieval/retrieval-config.ts';
import { type GraphStack, publishAll, sqliteStack, type TestDocument } from '../fixtures/graph-stack.ts';
import { readJsonLines, sharedDataMissing, sharedFile } from '../fixtures/shared-data.ts';

const ALEF = 0x05d0;

/** Latin letters one by one as Hebrew ones, so that a set with known answers has no capitals. */
function withoutCapitals(text: string): string {
  const plain = text.normalize('NFKD').replace(/[\p{Mn}\p{Me}]/gu, '');
  return plain.replace(/[A-Za-z]/g, (letter) => String.fromCharCode(ALEF + letter.toLowerCase().charCodeAt(0) - 97));
}

interface Found {
  readonly chain: readonly string[];
  readonly lexical: readonly string[];
}

async function ask(stack: GraphStack, workspace: WorkspaceRef, query: string): Promise<Found> {
  const found = await stack.programs.run(workspace, RETRIEVE, { query, k: 5, config: RETRIEVAL_DEFAULTS });
  const lexical = await stack.index.passages(workspace, await stack.programs.run(workspace, TEXT_ALONE, { query, k: 5, config: RETRIEVAL_DEFAULTS }));
  return { chain: found.passages.map(({ passage }) => passage.externalId), lexical: lexical.map((passage) => passage.externalId) };
}

async function indexed<T>(documents: readonly TestDocument[], work: (stack: GraphStack, workspace: WorkspaceRef) => Promise<T>): Promise<T> {
  const stack = sqliteStack();
  try {
    const workspace = await stack.workspace();
    await publishAll(stack, workspace, documents, 1000);
    return await work(stack, workspace);
  } finally {
    await stack.close();
  }
}

const document = (title: string, text: string): TestDocument => ({ id: title, title, texts: [text] });

const CHINESE = [
  document('李明轩', '李明轩是一位植物学家。他出生在青石镇，后来到外地工作。'),
  document('青石镇', '这个小镇位于白水河边。镇上的人以种茶为生。'),
  document('王小梅', '王小梅是一位画家。她在海边长大，喜欢画船。'),
  document('红山村', '这个村子在山里。村里的人以养羊为生。'),
  document('白水河', '这条河流过三个省，最后流入大海。'),
];
const ARABIC = [
  document('سليم الحداد', 'سليم الحداد كاتب معروف. ولد في بلدة عين الزيتون ثم انتقل إلى مدينة أخرى.'),
  document('عين الزيتون', 'تقع البلدة قرب نهر صغير. يعمل أهلها في صناعة الزجاج.'),
  document('ليلى المصري', 'ليلى المصري طبيبة. عملت في مستشفى قرب البحر.'),
  document('تل القمر', 'تقع القرية على جبل. يعمل أهلها في تربية الأغنام.'),
];

describe('Retrieval in scripts without capitals', () => {
  it.each([
    ['Chinese', CHINESE, '李明轩出生的小镇上的人以什么为生？', ['李明轩', '青石镇']],
    ['Arabic', ARABIC, 'ماذا يعمل أهل البلدة التي ولد فيها سليم الحداد؟', ['سليم الحداد', 'عين الزيتون']],
  ])('walks from a person to the place in %s', async (_language, documents, question, expected) => {
    const { chain } = await indexed(documents, (stack, workspace) => ask(stack, workspace, question));
    expect(chain.slice(0, 2).sort()).toEqual([...expected].sort());
  });
});

describe('A foreign word in a Latin text', () => {
  it('is found whole', async () => {
    const documents = [document('Mao', 'His name (毛泽东) is spelt in two ways in English books.'), document('Other', 'Another name (周恩来) is spelt in two ways in English books.')];
    const { lexical } = await indexed(documents, (stack, workspace) => ask(stack, workspace, '毛泽东'));
    expect(lexical).toEqual(['Mao']);
  });
});

const missing = sharedDataMissing();
const when = missing === undefined ? describe : describe.skip;

when(`Retrieval on a set whose letters have no capitals${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  it('is better than the text index alone', async () => {
    const corpus = readJsonLines<{ id: string; title: string; text: string }>(sharedFile('data', 'retrieval', 'hotpotqa', 'corpus.jsonl'));
    const questions = readJsonLines<{ question: string; gold: string[] }>(sharedFile('data', 'retrieval', 'hotpotqa', 'questions.jsonl')).slice(0, 50);
    const documents = corpus.map(({ id, title, text }) => ({ id, title: withoutCapitals(title), texts: [withoutCapitals(text)] }));
    const recall = { chain: 0, lexical: 0 };
    await indexed(documents, async (stack, workspace) => {
      for (const { question, gold } of questions) {
        const found = await ask(stack, workspace, withoutCapitals(question));
        for (const way of ['chain', 'lexical'] as const) recall[way] += gold.filter((id) => found[way].includes(id)).length / gold.length;
      }
    });
    expect(recall.chain / questions.length).toBeGreaterThan(0.9);
    expect(recall.chain).toBeGreaterThan(recall.lexical + 0.1 * questions.length);
  }, 240_000);
});
