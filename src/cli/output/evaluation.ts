import type { ComparisonReport, EvaluationReport, ScoresBeside } from '../evaluation/evaluation.types.ts';
import { MEASURES } from '../evaluation/scores.ts';
import { type Column, formatTable } from './table.ts';

/** So many ids are named on the terminal; JSON has them all. */
const NAMED = 10;

function number<Row>(title: string, value: (row: Row) => number | null | undefined): Column<Row> {
  return { title, value: (row) => value(row)?.toFixed(2) ?? '-', align: 'right' };
}

interface ScoreRow {
  readonly set: string;
  readonly questions: number;
  readonly measure: string;
  readonly found: number;
  readonly lexical: number | undefined;
  readonly bm25: number | undefined;
}

function scoreRows(set: string, scores: ScoresBeside): ScoreRow[] {
  return MEASURES.flatMap((measure) =>
    Object.entries(scores[measure]).map(([k, found]) => ({
      set,
      questions: scores.questions,
      measure: `${measure}@${k}`,
      found,
      lexical: scores.lexical[measure][k],
      bm25: scores.bm25?.[measure][k],
    })),
  );
}

function describeScores(report: EvaluationReport): string {
  const { sets } = report;
  const named = sets === undefined ? [] : Object.entries(sets).flatMap(([set, scores]) => scoreRows(set, scores));
  const pooled: Column<ScoreRow>[] = [
    { title: 'set', value: (row) => row.set },
    { title: 'questions', value: (row) => row.questions, align: 'right' },
  ];
  return formatTable([...scoreRows('all', report), ...named], [
    ...(sets === undefined ? [] : pooled),
    { title: '', value: (row) => row.measure },
    number('all stages %', (row) => row.found),
    number('lexical alone %', (row) => row.lexical),
    number('plain BM25 %', (row) => row.bm25),
  ]);
}

function describeMissing(ids: readonly string[], where: string): string[] {
  if (ids.length === 0) return [];
  return [`${String(ids.length)} questions ${where}: ${ids.slice(0, NAMED).join(', ')}${ids.length > NAMED ? ', …' : ''}`];
}

function describeComparison(comparison: ComparisonReport): string {
  const rows = MEASURES.flatMap((measure) => Object.entries(comparison[measure]).map(([k, difference]) => ({ measure: `${measure}@${k}`, ...difference })));
  type Row = (typeof rows)[number];
  const table = formatTable(rows, [
    { title: '', value: (row) => row.measure },
    number<Row>('ours %', (row) => row.ours),
    number<Row>('theirs %', (row) => row.theirs),
    number<Row>('difference', (row) => row.difference),
    number<Row>('standard error', (row) => row.standardError),
    { title: 'better', value: (row) => row.better, align: 'right' },
    { title: 'worse', value: (row) => row.worse, align: 'right' },
    { title: 'equal', value: (row) => row.equal, align: 'right' },
  ]);
  return [
    `beside ${comparison.file}, ${String(comparison.questions)} questions in both`,
    table,
    ...describeMissing(comparison.missingThere, 'were asked and have no ranking there'),
    ...describeMissing(comparison.missingHere, 'have a ranking there and were not asked'),
  ].join('\n');
}

function describeStages({ stagesMs }: EvaluationReport): string {
  const rows = Object.entries(stagesMs).map(([stage, times]) => ({ stage, ...times }));
  type Row = (typeof rows)[number];
  return formatTable(rows, [
    { title: 'stage', value: (row) => row.stage },
    number<Row>('mean ms', (row) => row.mean),
    number<Row>('p50', (row) => row.p50),
    number<Row>('p95', (row) => row.p95),
  ]);
}

/** An evaluation for a person: quality, what it is compared with, time. */
export function describeEvaluation(report: EvaluationReport): string {
  const { p50, p95, p99 } = report.latencyMs;
  return [
    `${String(report.questions)} questions on ${String(report.passages)} passages of ${String(report.meanPassageTokens)} tokens on average (${report.store})`,
    describeScores(report),
    ...(report.compare === undefined ? [] : ['', describeComparison(report.compare)]),
    '',
    describeStages(report),
    `latency ms: p50 ${String(p50)}, p95 ${String(p95)}, p99 ${String(p99)}`,
    `indexed in ${String(report.indexSeconds)} s with ${String(report.modelCalls)} model calls`,
  ].join('\n');
}
