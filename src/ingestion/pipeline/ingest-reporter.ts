import { AppError } from '../../common/errors/app-error.ts';
import { describeError } from '../../common/errors/describe-error.ts';
import type { FileReport, FileStatus, IngestReport, IngestTotals } from '../ingestion.types.ts';

/** Of a source with many documents so many ids are told. */
const MAX_IDS = 1000;
/** So many warnings, and so many faults of single records, are told. */
const MAX_TOLD = 100;

type Outcome = 'added' | 'updated' | 'unchanged';
type Tally = { -readonly [Key in keyof IngestTotals]: number };

/** What becomes of one source and its documents. */
export class SourceReport {
  readonly source: string;
  readonly documentIds: string[] = [];
  readonly #totals: Tally;
  readonly #own = { added: 0, updated: 0, unchanged: 0, chunks: 0 };
  #failure: { readonly code: string; readonly message: string } | undefined;

  constructor(source: string, totals: Tally) {
    this.source = source;
    this.#totals = totals;
  }

  /** A document of the source is in the workspace. */
  settle(documentId: string, outcome: Outcome, chunks: number): void {
    if (this.documentIds.length < MAX_IDS) this.documentIds.push(documentId);
    for (const tally of [this.#own, this.#totals]) {
      tally[outcome] += 1;
      tally.chunks += chunks;
    }
  }

  /** The source, or a document of it, failed; the first fault is told. */
  fail(error: unknown): void {
    this.#totals.failed += 1;
    this.#failure ??= faultOf(error);
  }

  result(): FileReport {
    const status = this.#status();
    const failure = status === 'failed' ? this.#failure : undefined;
    return { source: this.source, status, documentIds: this.documentIds, chunks: this.#own.chunks, ...failure };
  }

  #status(): FileStatus {
    const { added, updated, unchanged } = this.#own;
    if (added + updated + unchanged === 0) return this.#failure === undefined ? 'skipped' : 'failed';
    if (added > 0) return 'added';
    return updated > 0 ? 'updated' : 'unchanged';
  }
}

function faultOf(error: unknown): { code: string; message: string } {
  if (!(error instanceof AppError)) return { code: 'internal-error', message: describeError(error) };
  return { code: error.code, message: error.remedy === undefined ? error.message : `${error.message} ${error.remedy}` };
}

/** Gathers what an ingestion tells at its end. */
export class IngestReporter {
  readonly #files: (SourceReport | FileReport)[] = [];
  readonly #totals: Tally = { added: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0, chunks: 0 };
  readonly #warnings: string[] = [];
  #untold = 0;
  #records = 0;
  #modelCalls = 0;

  /** Whether anything failed so far. */
  get failed(): boolean {
    return this.#totals.failed > 0;
  }

  source(name: string): SourceReport {
    const report = new SourceReport(name, this.#totals);
    this.#files.push(report);
    return report;
  }

  /** A record of a source failed; it is told under the source's name and its line. */
  failRecord(report: SourceReport, line: number, error: unknown): void {
    report.fail(error);
    this.#records += 1;
    if (this.#records > MAX_TOLD) return;
    this.#files.push({ source: `${report.source}:${String(line)}`, status: 'failed', documentIds: [], chunks: 0, ...faultOf(error) });
  }

  /** The same is told once. */
  warn(message: string): void {
    if (this.#warnings.includes(message)) return;
    if (this.#warnings.length < MAX_TOLD) this.#warnings.push(message);
    else this.#untold += 1;
  }

  countModelCall(): void {
    this.#modelCalls += 1;
  }

  result(seconds: number): IngestReport {
    const files = this.#files.map((file) => (file instanceof SourceReport ? file.result() : file));
    const skipped = files.filter((file) => file.status === 'skipped').length;
    return { files, totals: { ...this.#totals, skipped }, modelCalls: this.#modelCalls, seconds, warnings: this.#told() };
  }

  #told(): string[] {
    const more: string[] = [];
    if (this.#records > MAX_TOLD) more.push(`${String(this.#records - MAX_TOLD)} more records failed.`);
    if (this.#untold > 0) more.push(`${String(this.#untold)} more warnings.`);
    return [...this.#warnings, ...more];
  }
}
