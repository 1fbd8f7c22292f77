import type { FileReport, IngestReport, IngestTotals } from '../../ingestion/ingestion.types.ts';
import { formatTable } from './table.ts';

const STATES = ['added', 'updated', 'unchanged', 'skipped', 'failed'] as const satisfies readonly (keyof IngestTotals)[];

/** A report of an ingestion for a person: what failed or was left out and why, then the counts. */
export function describeIngestion(report: IngestReport): string {
  const { totals } = report;
  const counts = STATES.filter((state) => totals[state] > 0).map((state) => `${String(totals[state])} ${state}`);
  const calls = report.modelCalls === 0 ? '' : `, ${String(report.modelCalls)} model calls`;
  const sum = `${counts.join(', ') || 'nothing to read'}; ${String(totals.chunks)} chunks${calls}, in ${report.seconds.toFixed(1)} s`;
  const table = describeProblems(report.files.filter((file) => file.status === 'failed' || file.status === 'skipped'));
  return table === undefined ? sum : `${table}\n\n${sum}`;
}

function describeProblems(files: readonly FileReport[]): string | undefined {
  if (files.length === 0) return undefined;
  return formatTable(files, [
    { title: 'file', value: (file) => file.source },
    { title: 'status', value: (file) => file.status },
    { title: 'code', value: (file) => file.code ?? '' },
    { title: 'why', value: (file) => file.message ?? '' },
  ]);
}
