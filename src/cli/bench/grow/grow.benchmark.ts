import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { EvaluationError } from '../../evaluation/evaluation.errors.ts';
import { type Question, readQuestions } from '../../evaluation/question-set.ts';
import { type ThrowAwayWorkspace, ThrowAwayIndexes } from '../../evaluation/throw-away-index.ts';
import { Interruption } from '../../interruption.ts';
import { Terminal } from '../../output/terminal.ts';
import { findSources } from '../../sources/find-sources.ts';
import type { Benchmark, BenchmarkRequest, BenchmarkRow } from '../benchmark.types.ts';
import { CopyQuestioner } from './copy-questioner.ts';
import { CorpusCopies } from './corpus-copies.ts';
import { growPlot } from './grow-plot.ts';

/** So many documents are written down and ingested at once. */
const PART_DOCUMENTS = 10_000;
const MEGABYTE = 1_000_000;
const MICROSECONDS = 1000;

/** What indexing came to so far. */
interface Growth {
  passages: number;
  documents: number;
  seconds: number;
  cpuMs: number;
}

interface Growing {
  readonly index: ThrowAwayWorkspace;
  readonly copies: CorpusCopies;
  readonly growth: Growth;
}

/** One workspace that grows by renamed copies of a corpus, measured at several sizes. */
@Injectable()
export class GrowBenchmark implements Benchmark {
  readonly name = 'grow';
  readonly defaultConcurrency = [16];
  readonly needsQuestions = true;

  constructor(
    private readonly indexes: ThrowAwayIndexes,
    private readonly interruption: Interruption,
    private readonly terminal: Terminal,
  ) {}

  plot(rows: readonly BenchmarkRow[], subtitle: string): string {
    return growPlot(rows, subtitle);
  }

  /** @throws EvaluationError for files that cannot be used, before anything is indexed */
  async run({ sets, sizes, concurrency, parent }: BenchmarkRequest): Promise<BenchmarkRow[]> {
    const questions: Question[] = [];
    for (const set of sets) questions.push(...(await readQuestions(set.questions, set.prefix)));
    const copies = await CorpusCopies.of(sets);
    return this.indexes.open(parent === undefined ? {} : { parent }, async (index) => {
      const growing: Growing = { index, copies, growth: { passages: 0, documents: 0, seconds: 0, cpuMs: 0 } };
      const questioner = new CopyQuestioner(index, copies, this.interruption.signal);
      const rows: BenchmarkRow[] = [];
      for (const size of sizes) {
        const indexed = await this.growTo(size, growing);
        const answerable = copies.answerable(questions);
        if (answerable.length === 0) throw new EvaluationError(`At ${String(size)} passages no question can be answered yet.`, { remedy: 'Give larger --sizes, or questions about the first documents.' });
        const asked = await questioner.measure(answerable, Math.max(...concurrency));
        rows.push({ ...indexed, ...memory(), ...asked });
        // A run of hours tells what it has, lest all be lost when it breaks off.
        this.terminal.note(`grow: ${JSON.stringify(rows.at(-1))}`);
      }
      return rows;
    });
  }

  private async growTo(size: number, { index, copies, growth }: Growing): Promise<BenchmarkRow> {
    const before = { ...growth };
    while (growth.passages < size) {
      const perDocument = growth.documents === 0 ? 1 : growth.passages / growth.documents;
      const count = Math.min(PART_DOCUMENTS, Math.ceil((size - growth.passages) / perDocument));
      await this.addPart(count, { index, copies, growth });
      this.terminal.note(`grow: ${String(growth.passages)} of ${String(size)} passages after ${growth.seconds.toFixed(1)} s of indexing`);
    }
    const added = growth.passages - before.passages;
    return {
      passages: growth.passages,
      documents: growth.documents,
      addedPassages: added,
      addedSeconds: hundredths(growth.seconds - before.seconds),
      totalSeconds: hundredths(growth.seconds),
      cpuMsPerPassage: added === 0 ? 0 : hundredths((growth.cpuMs - before.cpuMs) / added),
      databaseMb: hundredths((await sizeOf(join(index.dataDir, 'workspaces'))) / MEGABYTE),
    };
  }

  /** The copies are written down before time is taken, so that making them counts for nothing. */
  private async addPart(count: number, { index, copies, growth }: Growing): Promise<void> {
    const folder = join(index.dataDir, 'grow');
    const written = copies.written;
    await copies.write(folder, count);
    const [start, cpu] = [performance.now(), process.cpuUsage()];
    const { totals } = await this.indexes.add(index, findSources(folder));
    const { user, system } = process.cpuUsage(cpu);
    growth.seconds += (performance.now() - start) / 1000;
    growth.cpuMs += (user + system) / MICROSECONDS;
    growth.passages += totals.chunks;
    growth.documents += copies.written - written;
    await rm(folder, { recursive: true });
  }
}

function hundredths(value: number): number {
  return Math.round(100 * value) / 100;
}

function memory(): BenchmarkRow {
  const { maxRSS } = process.resourceUsage();
  return { rssMb: Math.round(process.memoryUsage.rss() / MEGABYTE), peakRssMb: Math.round((maxRSS * 1024) / MEGABYTE) };
}

/** Bytes of the files of a folder: the database with its write-ahead log. */
async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return bytes;
}
