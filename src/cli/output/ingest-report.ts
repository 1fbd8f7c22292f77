import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IngestReport } from '../../ingestion/ingestion.types.ts';
import type { UsageView } from '../../models/ledger/usage.types.ts';
import type { IngestSample } from '../measure/ingest-sampler.ts';
import { type CsvRow, toCsv } from './csv.ts';
import { type Panel, svgPlot } from './svg-plot.ts';

/** What is told of an ingestion in its folder. */
export interface IngestMetrics {
  readonly workspace: string;
  readonly startedAt: string;
  readonly settings: { readonly maxConcurrent: number; readonly batchSize: number; readonly extractionModel?: string | undefined; readonly embeddingModel?: string | undefined };
  readonly report: IngestReport;
  /** Of this ingestion's calls. */
  readonly usage: readonly UsageView[];
  readonly samples: readonly IngestSample[];
}

const ROWS = ['operation', 'model', 'calls', 'failed', 'retries', 'promptTokens', 'completionTokens', 'costUsd', 'cacheHits', 'p50Ms', 'p95Ms', 'p99Ms'] as const;

/** Writes `metrics.json`, `metrics.csv`, `report.md` and its plot `report.svg` into a folder, which is made when it is missing. */
export async function writeIngestReport(folder: string, metrics: IngestMetrics): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'metrics.json'), `${JSON.stringify(jsonOf(metrics), undefined, 2)}\n`);
  await writeFile(join(folder, 'metrics.csv'), metrics.usage.length === 0 ? `${ROWS.join(',')}\n` : toCsv(metrics.usage.map(rowOf)));
  await writeFile(join(folder, 'report.svg'), plotOf(metrics));
  await writeFile(join(folder, 'report.md'), markdownOf(metrics));
}

/** Files are told one by one in the result of the command. */
function jsonOf({ report, ...rest }: IngestMetrics): unknown {
  const { files, ...told } = report;
  const failures = files.filter(({ status }) => status === 'failed').map(({ source, code, message }) => ({ source, code, message }));
  return { ...rest, ...told, sources: files.length, failures, totalsOfUsage: sumOf(rest.usage), chunksPerSecond: rate(report) };
}

function sumOf(usage: readonly UsageView[]): { calls: number; promptTokens: number; completionTokens: number; costUsd: number; retries: number; cacheHits: number } {
  const sum = (key: 'calls' | 'promptTokens' | 'completionTokens' | 'costUsd' | 'retries' | 'cacheHits'): number => usage.reduce((total, line) => total + line[key], 0);
  return { calls: sum('calls'), promptTokens: sum('promptTokens'), completionTokens: sum('completionTokens'), costUsd: sum('costUsd'), retries: sum('retries'), cacheHits: sum('cacheHits') };
}

function rate({ totals, seconds }: IngestReport): number {
  return seconds === 0 ? 0 : Math.round((totals.chunks / seconds) * 10) / 10;
}

function rowOf({ latencyMs, ...line }: UsageView): CsvRow {
  const row = { ...line, p50Ms: latencyMs.p50, p95Ms: latencyMs.p95, p99Ms: latencyMs.p99 };
  return Object.fromEntries(ROWS.map((column) => [column, row[column]]));
}

function table(titles: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')).join(' | ')} |`;
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n');
}

function markdownOf(metrics: IngestMetrics): string {
  const { workspace, startedAt, settings, report, usage, samples } = metrics;
  const { totals } = report;
  const sum = sumOf(usage);
  const peak = Math.max(...samples.map(({ rssMb }) => rssMb));
  const facts: readonly (readonly [string, string | number])[] = [
    ['documents added, updated, unchanged', `${String(totals.added)}, ${String(totals.updated)}, ${String(totals.unchanged)}`],
    ['sources skipped, failed', `${String(totals.skipped)}, ${String(totals.failed)}`],
    ['chunks', totals.chunks],
    ['time', `${report.seconds.toFixed(1)} s (${String(rate(report))} chunks a second)`],
    ['calls to models', `${String(sum.calls)} (${String(sum.retries)} more attempts)`],
    ['tokens asked, answered', `${String(sum.promptTokens)}, ${String(sum.completionTokens)}`],
    ['cost', `$${sum.costUsd.toFixed(4)} by config/models.json`],
    ['calls at once, chunks a call', `${String(settings.maxConcurrent)}, ${String(settings.batchSize)}`],
    ['largest memory seen', `${peak.toFixed(0)} MB resident`],
  ];
  const failed = report.files.filter(({ status }) => status === 'failed');
  return [
    `# Ingestion into ${workspace}`,
    `Started ${startedAt}.`,
    table(['', ''], facts),
    '## Calls to models',
    usage.length === 0 ? 'No model was called.' : table([...ROWS], usage.map((line) => Object.values(rowOf(line)))),
    'Latencies are in milliseconds, from the call to its end, with all waits and attempts.',
    '![How the ingestion went](report.svg)',
    ...(failed.length === 0 ? [] : ['## What failed', table(['source', 'code', 'why'], failed.map(({ source, code = '', message = '' }) => [source, code, message]))]),
    ...(report.warnings.length === 0 ? [] : ['## Warnings', report.warnings.map((warning) => `- ${warning.replaceAll(/\s+/g, ' ')}`).join('\n')]),
  ].join('\n\n').concat('\n');
}

function plotOf({ workspace, startedAt, samples }: IngestMetrics): string {
  const panel = (title: string, yLabel: string, series: readonly (readonly [name: string, key: Exclude<keyof IngestSample, 'seconds'>])[]): Panel => ({
    title,
    xLabel: 'seconds',
    yLabel,
    xScale: 'linear',
    yScale: 'linear',
    series: series.map(([name, key]) => ({ name, points: samples.map((sample) => [sample.seconds, sample[key]] as const) })),
  });
  return svgPlot({
    title: `Ingestion into ${workspace}`,
    subtitle: startedAt,
    panels: [
      panel('Read', 'megabytes', [['read', 'megabytesRead']]),
      panel('Calls at the model server', 'calls at once', [['in flight', 'callsInFlight'], ['waiting', 'callsWaiting']]),
      panel('Calls done', 'calls', [['done', 'callsDone']]),
      panel('Memory of the process', 'megabytes resident', [['resident', 'rssMb']]),
    ],
  });
}
