import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import type { EvaluationSet } from '../evaluation/corpus.ts';
import { EvaluationError } from '../evaluation/evaluation.errors.ts';
import { type ThrowAwayWorkspace, ThrowAwayIndexes } from '../evaluation/throw-away-index.ts';
import { findSources } from '../sources/find-sources.ts';
import { type CorpusDocument, corpusDocuments } from './corpus-documents.ts';

/** Documents that are ingested between two looks at the clock of the processor: as many as are published together. */
const PART = 1000;
const MICROSECONDS = 1000;

/** What passages cost at the beginning and at the end, in milliseconds of the process' processor time a passage. */
export interface MarginalCost {
  readonly secondCpuMs: number;
  readonly lastCpuMs: number;
  /** The last part's by the second's. */
  readonly ratio: number;
  /** Of every part, in order; all but the one before the last hold 1,000 documents. */
  readonly partsCpuMs: readonly number[];
}

/**
 * Sizes of the parts that documents are cut into: thousands, with the remainder before the last, so that the last one is whole.
 * Nothing for fewer than three thousand: then the second part would be next to the last, or be it.
 */
export function partSizes(documents: number): readonly number[] | undefined {
  const whole = Math.floor(documents / PART);
  const rest = documents % PART;
  if (whole < 3) return undefined;
  return [...Array.from({ length: whole - 1 }, () => PART), ...(rest === 0 ? [] : [rest]), PART];
}

/** Measures whether a passage costs more to index when many are there already. */
@Injectable()
export class MarginalCosts {
  constructor(private readonly indexes: ThrowAwayIndexes) {}

  /**
   * Ingests the records of the sets once more, into a workspace of their own, a thousand documents at a time: each part ends with
   * its publication, so all it costs falls to it. The first part is not looked at: it creates files, opens connections and fills caches.
   * Nothing where there are too few records, or documents that are no records, whose passages cannot be counted beforehand.
   */
  async measure(sets: readonly EvaluationSet[], parent?: string): Promise<MarginalCost | undefined> {
    const sizes = partSizes(await countRecords(sets));
    if (sizes === undefined) return undefined;
    const partsCpuMs = await this.indexes.open(parent === undefined ? {} : { parent }, (empty) => this.measureParts(empty, sets, sizes));
    const [secondCpuMs = Number.NaN, lastCpuMs = Number.NaN] = [partsCpuMs[1], partsCpuMs.at(-1)];
    return { secondCpuMs, lastCpuMs, ratio: Math.round((100 * lastCpuMs) / secondCpuMs) / 100, partsCpuMs };
  }

  private async measureParts(empty: ThrowAwayWorkspace, sets: readonly EvaluationSet[], sizes: readonly number[]): Promise<number[]> {
    const documents = corpusDocuments(sets);
    const costs: number[] = [];
    for (const size of sizes) {
      const folder = join(empty.dataDir, 'part');
      await writePart(folder, documents, size);
      const before = process.cpuUsage();
      const { totals } = await this.indexes.add(empty, findSources(folder));
      const { user, system } = process.cpuUsage(before);
      costs.push(Math.round((100 * (user + system)) / MICROSECONDS / totals.chunks) / 100);
      await rm(folder, { recursive: true });
    }
    return costs;
  }
}

/** Records of the sets; 0 when some document is a file of its own, or a line no record: an ingestion only reports that. */
async function countRecords(sets: readonly EvaluationSet[]): Promise<number> {
  let records = 0;
  try {
    for await (const { title } of corpusDocuments(sets)) {
      if (title === undefined) return 0;
      records += 1;
    }
  } catch (error) {
    if (error instanceof EvaluationError) return 0;
    throw error;
  }
  return records;
}

async function writePart(folder: string, documents: AsyncGenerator<CorpusDocument>, size: number): Promise<void> {
  const lines: string[] = [];
  while (lines.length < size) {
    const next = await documents.next();
    if (next.done === true) break;
    lines.push(`${JSON.stringify(next.value)}\n`);
  }
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'records.jsonl'), lines.join(''));
}
