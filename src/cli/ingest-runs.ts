import type { INestApplicationContext } from '@nestjs/common';
import { INGESTION_CONFIG, type IngestionConfig } from '../config/ingestion.config.ts';
import { MODELS_CONFIG, type ModelsConfig } from '../config/models.config.ts';
import type { Workspace } from '../graph/graph.types.ts';
import { WorkspaceService } from '../graph/workspace.service.ts';
import { WorkspaceStore } from '../graph/workspace-store.port.ts';
import { IngestEstimator } from '../ingestion/ingest-estimate.service.ts';
import { IngestionService } from '../ingestion/ingestion.service.ts';
import { readMapping } from '../ingestion/mapping/read-mapping.service.ts';
import type { IngestReport, IngestRequest, Source } from '../ingestion/ingestion.types.ts';
import type { ResolutionReport } from '../ingestion/resolution/resolution.service.ts';
import { shownUsage, UsageLedger } from '../models/ledger/usage-ledger.service.ts';
import { type IngestSample, IngestSampler } from './measure/ingest-sampler.ts';
import { describeEstimate } from './output/estimate.ts';
import { writeIngestReport } from './output/ingest-report.ts';
import { describeIngestion } from './output/ingestion.ts';
import { ProgressBar } from './output/progress-bar.ts';
import { describeResolution } from './output/resolution.ts';
import type { Terminal } from './output/terminal.ts';
import { resolveEntities } from './resolution-run.ts';

/** What the command was asked for. */
export interface IngestCommandRequest {
  readonly workspace: string;
  readonly sources: AsyncIterable<Source>;
  readonly signal: AbortSignal;
  readonly extractions?: string;
  readonly extractor?: 'rules' | 'model';
  readonly prune?: boolean;
  readonly resolve?: boolean;
  readonly mapping?: string;
  readonly limit?: number;
  readonly outputDir?: string;
  readonly json?: boolean;
}

/** Ingestions of the command line: done, or only estimated. */
export class IngestRuns {
  readonly #terminal: Terminal;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  async ingest(app: INestApplicationContext, request: IngestCommandRequest): Promise<void> {
    const workspace = await app.get(WorkspaceService, { strict: false }).findOrCreate(request.workspace);
    const startedAt = new Date().toISOString();
    const { report, samples } = await this.#watched(app, request, workspace);
    if (request.outputDir !== undefined) await this.#write(app, request.outputDir, { workspace, startedAt, report, samples });
    let resolution: ResolutionReport | undefined;
    try {
      if (request.resolve === true) resolution = await resolveEntities(app, this.#terminal, { workspace, signal: request.signal });
    } finally {
      // The documents are in, whatever became of what comes behind.
      this.#tell(report, resolution, request);
    }
  }

  /** A workspace that is missing is made for the estimate alone. */
  async estimate(app: INestApplicationContext, request: IngestCommandRequest): Promise<void> {
    const workspaces = app.get(WorkspaceService, { strict: false });
    const found = await app.get(WorkspaceStore, { strict: false }).find(request.workspace);
    const workspace = found ?? (await workspaces.create(request.workspace));
    try {
      const estimate = await app.get(IngestEstimator, { strict: false }).estimate(await requestOf(request, workspace));
      if (request.json === true) this.#terminal.json(estimate);
      else this.#terminal.print(describeEstimate(estimate));
      for (const warning of estimate.warnings) this.#terminal.note(warning);
    } finally {
      if (found === undefined) await workspaces.drop(request.workspace);
    }
  }

  async #watched(app: INestApplicationContext, request: IngestCommandRequest, workspace: Workspace): Promise<{ report: IngestReport; samples: readonly IngestSample[] }> {
    const asked = await requestOf(request, workspace);
    const bar = new ProgressBar(this.#terminal);
    const sampler = new IngestSampler(app);
    try {
      const report = await app.get(IngestionService, { strict: false }).ingest({
        ...asked,
        onProgress: (progress) => {
          bar.update(progress);
          sampler.progress(progress);
        },
      });
      return { report, samples: sampler.end() };
    } finally {
      sampler.end();
      bar.stop();
    }
  }

  #tell(report: IngestReport, resolution: ResolutionReport | undefined, { json, outputDir }: IngestCommandRequest): void {
    if (json === true) this.#terminal.json({ ...report, ...(resolution === undefined ? {} : { resolution }) });
    else this.#terminal.print([describeIngestion(report), ...(resolution === undefined ? [] : [describeResolution(resolution, false)])].join('\n'));
    for (const warning of report.warnings) this.#terminal.note(warning);
    if (outputDir !== undefined) this.#terminal.note(`Figures and a report are in ${outputDir}.`);
    if (report.totals.failed > 0) process.exitCode = 1;
  }

  async #write(
    app: INestApplicationContext,
    folder: string,
    done: { readonly workspace: Workspace; readonly startedAt: string; readonly report: IngestReport; readonly samples: readonly IngestSample[] },
  ): Promise<void> {
    const { workers, batchSize } = app.get<IngestionConfig>(INGESTION_CONFIG, { strict: false });
    const { extractionModel, embeddingModel } = app.get<ModelsConfig>(MODELS_CONFIG, { strict: false });
    const usage = shownUsage(app.get(UsageLedger, { strict: false }).sinceStart(done.workspace.uid));
    const settings = { maxConcurrent: workers, batchSize, extractionModel, embeddingModel };
    await writeIngestReport(folder, { ...done, workspace: done.workspace.slug, settings, usage });
  }
}

async function requestOf(request: IngestCommandRequest, workspace: Workspace): Promise<IngestRequest> {
  const { sources, signal, extractions, extractor, limit, mapping, prune = false } = request;
  return {
    workspace,
    sources,
    prune,
    signal,
    ...(limit === undefined ? {} : { limit }),
    ...(mapping === undefined ? {} : { mapping: await readMapping(mapping) }),
    ...(extractor === undefined ? {} : { extractor }),
    ...(extractions === undefined ? {} : { extractionsFile: extractions }),
  };
}
