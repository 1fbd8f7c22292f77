import { Applications } from '../../src/cli/applications.ts';
import { pairSets } from '../../src/cli/evaluation/corpus.ts';
import { EvaluationService } from '../../src/cli/evaluation/evaluation.service.ts';
import type { EvaluationResult, Outcome } from '../../src/cli/evaluation/evaluation.types.ts';
import { type PairedDifference, pairedDifferences } from '../../src/cli/evaluation/paired-difference.ts';
import { scoreRankings, type Scores } from '../../src/cli/evaluation/scores.ts';
import { ThrowAwayIndexes } from '../../src/cli/evaluation/throw-away-index.ts';
import type { Interruption } from '../../src/cli/interruption.ts';
import { Terminal } from '../../src/cli/output/terminal.ts';
import { sharedDataMissing, sharedFile } from '../fixtures/shared-data.ts';

const missing = sharedDataMissing();
const when = missing === undefined ? describe : describe.skip;

const K = 5;
/** Questions of each set: all that musique and hotpotqa have, and the first of the others. */
const SAMPLE = 100;

/**
 * Recall at 5 in percent, without a model, that all questions of each set must reach, and what plain BM25 reaches on all of them. A
 * sample may be easier or harder than its set, and plain BM25 on it tells by how much: the gate closes the same share of the distance
 * from plain BM25 to 100 on the sample as the figure that must be reached does on the whole set.
 */
const GATES = {
  musique: { must: 72, plainOnAll: 50.58 },
  hotpotqa: { must: 94.5, plainOnAll: 77.5 },
  '2wiki': { must: 97.5, plainOnAll: 65.95 },
} as const;

/**
 * Meetings have no names to walk over: all stages must not be worse there than plain BM25 and the text index, each on the same
 * passages in the same run. Their questions are hits or misses, so all 237 are asked, and even they do not tell less than one standard
 * error of the paired difference from nothing.
 */
const MEETING_STANDARD_ERRORS = 1;

/** Points of recall at 5 that a set may lose when it lies in one index with others. */
const MOST_LOST_BY_POOLING = 5;

const LIMIT_MS = 300_000;

type SetName = keyof typeof GATES | 'qmsum';

function filesOf(set: SetName): readonly [corpus: string, questions: string] {
  if (set === 'qmsum') return [sharedFile('data', 'transcripts', 'qmsum'), sharedFile('data', 'transcripts', 'qmsum', 'questions.jsonl')];
  return [sharedFile('data', 'retrieval', set, 'corpus.jsonl'), sharedFile('data', 'retrieval', set, 'questions.jsonl')];
}

/** Whatever the environment says: no model. */
const WITHOUT_MODELS = { OPENAI_API_KEY: '', OPENAI_BASE_URL: '', CHAT_MODEL: '', EXTRACTION_MODEL: '', EMBEDDING_MODEL: '', LOG_LEVEL: 'error' };

/** What `eval retrieval` runs, on the sets in one index. */
async function evaluate(sets: readonly SetName[], limit?: number): Promise<EvaluationResult> {
  const [applications, terminal] = [new Applications(), new Terminal()];
  // A real one would take Ctrl-C from the test run.
  const interruption = { signal: new AbortController().signal } as Interruption;
  const indexes = new ThrowAwayIndexes(applications, interruption, terminal);
  const files = sets.map(filesOf);
  return new EvaluationService(applications, indexes, interruption, terminal).run({
    sets: pairSets(files.map(([corpus]) => corpus), files.map(([, questions]) => questions), []),
    ks: [K],
    overrides: WITHOUT_MODELS,
    // No time is measured here.
    warmUp: 0,
    ...(limit === undefined ? {} : { limit }),
  });
}

/** All stages beside what less would find, question by question. */
function hitsBeside(outcomes: readonly Outcome[], of: (outcome: Outcome) => Outcome['passages']): PairedDifference | undefined {
  const pairs = outcomes.map((ours) => ({ ours, theirs: { question: ours.question, passages: of(ours) } }));
  return pairedDifferences(pairs, [K]).hit[String(K)];
}

/** Recall of a set of documents, hits of a set of meetings. */
function figureOf(scores: Scores | undefined): number {
  return scores?.recall[String(K)] ?? scores?.hit[String(K)] ?? Number.NaN;
}

when(`Retrieval without a model reaches its gates${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  const alone = new Map<SetName, number>();

  it.each(['musique', 'hotpotqa', '2wiki'] as const)('on %s', async (set) => {
    const { report } = await evaluate([set], SAMPLE);
    const recall = report.recall[String(K)] ?? 0;
    alone.set(set, recall);
    const plain = report.bm25?.recall[String(K)] ?? Number.NaN;
    const { must, plainOnAll } = GATES[set];
    const gate = plain + ((must - plainOnAll) / (100 - plainOnAll)) * (100 - plain);
    expect(recall).toBeGreaterThanOrEqual(Math.round(100 * gate) / 100);
    expect(recall).toBeGreaterThan(report.lexical.recall[String(K)] ?? Number.NaN);
  }, LIMIT_MS);

  it('on meetings', async () => {
    const { outcomes } = await evaluate(['qmsum']);
    alone.set('qmsum', figureOf(scoreRankings(outcomes.slice(0, SAMPLE), [K])));
    const beside = [hitsBeside(outcomes, ({ bm25 = [] }) => bm25), hitsBeside(outcomes, ({ lexical }) => lexical)];
    const behind = beside.filter((each) => each === undefined || each.difference < -MEETING_STANDARD_ERRORS * (each.standardError ?? 0));
    expect(behind).toEqual([]);
  }, LIMIT_MS);

  /** Without 2wiki, which is larger than the others together: its pool would take as long as all else here. */
  it('in one index with other sets', async () => {
    const { report } = await evaluate(['musique', 'hotpotqa', 'qmsum'], SAMPLE);
    for (const set of ['musique', 'hotpotqa', 'qmsum'] as const) {
      expect((alone.get(set) ?? Number.NaN) - figureOf(report.sets?.[set])).toBeLessThanOrEqual(MOST_LOST_BY_POOLING);
    }
  }, LIMIT_MS);
});
