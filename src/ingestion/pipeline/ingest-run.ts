import type { Clock } from '../../common/clock/clock.port.ts';
import type { Workspace } from '../../graph/graph.types.ts';
import type { Extractor } from '../extractor.port.ts';
import { IngestionError } from '../ingestion.errors.ts';
import type { IngestRequest } from '../ingestion.types.ts';
import type { Mapping } from '../mapping/mapping.types.ts';
import { IngestReporter } from './ingest-reporter.ts';
import { Pacer } from './pacer.ts';
import { ProgressMeter } from './progress-meter.ts';

/** The state of one ingestion. */
export class IngestRun {
  readonly workspace: Workspace;
  readonly signal: AbortSignal | undefined;
  readonly extractor: Extractor;
  readonly mapping: Mapping | undefined;
  /** Chunks that may still be taken. */
  chunksLeft: number;
  readonly reporter = new IngestReporter();
  readonly progress: ProgressMeter;
  readonly pacer: Pacer;
  /** Blobs made by this run that no published document is known to need. */
  readonly looseBlobs = new Set<string>();
  readonly #names = new Set<string>();

  constructor(request: IngestRequest, extractor: Extractor, clock: Clock) {
    this.workspace = request.workspace;
    this.signal = request.signal;
    this.extractor = extractor;
    this.mapping = request.mapping;
    this.chunksLeft = request.limit ?? Number.POSITIVE_INFINITY;
    this.progress = new ProgressMeter(request.onProgress);
    this.pacer = new Pacer(clock);
  }

  /** The external ids this run has come across. */
  get names(): ReadonlySet<string> {
    return this.#names;
  }

  /** @throws IngestionError `source-name-duplicate` if the name was claimed before */
  claim(externalId: string): void {
    if (this.#names.has(externalId)) {
      throw new IngestionError('source-name-duplicate', `The name "${externalId.slice(0, 200)}" stands for another document of this ingestion already.`, {
        remedy: 'Give the documents different ids, or ingest their common folder so that their paths tell them apart.',
      });
    }
    this.#names.add(externalId);
  }

  /** Lets the event loop turn if it is time. */
  async breathe(): Promise<void> {
    this.signal?.throwIfAborted();
    if (this.pacer.due) await this.pacer.rest();
  }
}
