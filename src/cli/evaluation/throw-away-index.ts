import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Injectable, type INestApplicationContext } from '@nestjs/common';
import type { Workspace } from '../../graph/graph.types.ts';
import { WorkspaceService } from '../../graph/workspace.service.ts';
import { IngestionService } from '../../ingestion/ingestion.service.ts';
import type { IngestReport, Source } from '../../ingestion/ingestion.types.ts';
import { Applications, type Overrides } from '../applications.ts';
import { Interruption } from '../interruption.ts';
import { ProgressBar } from '../output/progress-bar.ts';
import { Terminal } from '../output/terminal.ts';
import { corpusSources, type EvaluationSet, pooledExtractions } from './corpus.ts';
import { EvaluationError } from './evaluation.errors.ts';

/** An empty workspace that lives as long as one measurement. */
export interface ThrowAwayWorkspace {
  readonly app: INestApplicationContext;
  readonly workspace: Workspace;
  readonly dataDir: string;
}

/** An index that lives as long as one measurement. */
export interface ThrowAwayIndex extends ThrowAwayWorkspace {
  readonly report: IngestReport;
}

/** What an index is made of, and where. */
export interface ThrowAwayRequest {
  readonly sets: readonly EvaluationSet[];
  /** The folder to make the data folder in; the system's folder for temporary files if not given. */
  readonly parent?: string;
  readonly overrides?: Overrides;
}

/** Builds indexes that leave nothing behind. */
@Injectable()
export class ThrowAwayIndexes {
  constructor(
    private readonly applications: Applications,
    private readonly interruption: Interruption,
    private readonly terminal: Terminal,
  ) {}

  /**
   * Indexes the sets' corpora into a new workspace of a new data folder, runs `work`, and removes both, also after a fault or Ctrl-C.
   * @throws EvaluationError when no document could be indexed
   */
  async use<T>({ sets, ...where }: ThrowAwayRequest, work: (index: ThrowAwayIndex) => Promise<T>): Promise<T> {
    return this.open(where, async (empty) => {
      const questionFiles = new Set(sets.map((set) => resolve(set.questions)));
      const extractionsFile = await this.gatherExtractions(sets, empty.dataDir);
      const report = await this.add(empty, allSources(sets, questionFiles), extractionsFile);
      return work({ ...empty, report });
    });
  }

  /** Makes a new workspace in a new data folder, runs `work`, and removes both, also after a fault or Ctrl-C. */
  async open<T>({ parent, overrides = {} }: Omit<ThrowAwayRequest, 'sets'>, work: (empty: ThrowAwayWorkspace) => Promise<T>): Promise<T> {
    return this.withFolder(parent, (dataDir) =>
      this.applications.use({ ...overrides, DATA_DIR: dataDir }, async (app) => {
        const workspaces = app.get(WorkspaceService, { strict: false });
        const slug = `measure-${randomBytes(6).toString('hex')}`;
        const workspace = await workspaces.create(slug);
        try {
          return await work({ app, workspace, dataDir });
        } finally {
          // The folder goes anyway; a store on a server has to be told.
          await workspaces.drop(slug);
        }
      }),
    );
  }

  /**
   * Ingests sources into a throw-away workspace; what is wrong with some of them is noted on the terminal.
   * @throws EvaluationError when none could be indexed
   */
  async add({ app, workspace }: ThrowAwayWorkspace, sources: AsyncIterable<Source>, extractionsFile?: string): Promise<IngestReport> {
    const bar = new ProgressBar(this.terminal);
    const report = await app
      .get(IngestionService, { strict: false })
      .ingest({
        workspace,
        sources,
        signal: this.interruption.signal,
        onProgress: (progress) => { bar.update(progress); },
        ...(extractionsFile === undefined ? {} : { extractionsFile }),
      })
      .finally(() => { bar.stop(); });
    this.tell(report);
    return report;
  }

  private async withFolder<T>(parent: string | undefined, work: (folder: string) => Promise<T>): Promise<T> {
    const base = resolve(parent ?? tmpdir());
    await mkdir(base, { recursive: true });
    const folder = await mkdtemp(join(base, 'graphrag-chat-'));
    try {
      return await work(folder);
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  }

  private tell(report: IngestReport): void {
    for (const warning of report.warnings) this.terminal.note(warning);
    for (const file of report.files) {
      if (file.status === 'failed' || file.status === 'skipped') this.terminal.note(`${file.status}: ${file.source}: ${file.message ?? file.code ?? ''}`);
    }
    if (report.totals.chunks === 0) throw new EvaluationError('No document of the corpus could be indexed.');
  }

  private async gatherExtractions(sets: readonly EvaluationSet[], folder: string): Promise<string | undefined> {
    const given = sets.filter((set) => set.extractions !== undefined);
    if (given.length === 0) return undefined;
    if (sets.length === 1) return given[0]?.extractions;
    const file = join(folder, 'extractions.jsonl');
    await pipeline(pooledExtractions(sets), createWriteStream(file));
    return file;
  }
}

async function* allSources(sets: readonly EvaluationSet[], questionFiles: ReadonlySet<string>): AsyncGenerator<Source> {
  for (const set of sets) yield* corpusSources(set, questionFiles);
}
