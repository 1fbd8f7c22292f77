import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { toCsv } from '../output/csv.ts';
import type { BenchmarkRow } from './benchmark.types.ts';

/** What a benchmark measured, and on what machine. */
export interface BenchReport {
  readonly name: string;
  readonly node: string;
  readonly machine: string;
  readonly rows: readonly BenchmarkRow[];
}

export function benchReport(name: string, rows: readonly BenchmarkRow[]): BenchReport {
  const memory = Math.round(totalmem() / 1e9);
  const machine = `${String(availableParallelism())} x ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${String(memory)} GB`;
  return { name, node: process.version, machine, rows };
}

/** Under what the figures were measured, in a line. */
export function describeMachine({ node, machine }: BenchReport): string {
  return `Node ${node}, ${machine}`;
}

/** Writes `<name>.csv`, `<name>.json` and, if there is a drawing, `<name>.svg` into a folder, which is made when missing. */
export async function writeReport(folder: string, report: BenchReport, drawing?: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${report.name}.csv`), toCsv(report.rows));
  await writeFile(join(folder, `${report.name}.json`), `${JSON.stringify(report, undefined, 2)}\n`);
  if (drawing !== undefined) await writeFile(join(folder, `${report.name}.svg`), drawing);
}
