import type { Metadata } from '../../graph/graph.types.ts';
import type { IngestProgress, IngestTotals } from '../ingestion.types.ts';
import type { ResolutionReport } from '../resolution/resolution.service.ts';

export type JobState = 'queued' | 'running' | 'completed' | 'failed' | 'cancelled';

/** Something a job is to ingest; its bytes wait in a blob of the service itself. */
export interface JobInput {
  /** `file`: named bytes of any format; `text`: bare text with a title. */
  readonly kind: 'file' | 'text';
  readonly blob: string;
  readonly sizeBytes: number;
  /** Of a file its name, of a text what reports call it. */
  readonly name: string;
  readonly title?: string;
  readonly contentType?: string;
  readonly externalId?: string;
  readonly metadata?: Metadata;
}

/** What went wrong with one source of a job. */
export interface JobFault {
  readonly source: string;
  readonly code: string;
  readonly message: string;
}

export type JobCounts = IngestTotals & { readonly modelCalls: number };
/** How far a job is, in bytes of its uploads or in pairs of entities. */
export type JobProgress = Pick<IngestProgress, 'done' | 'total'> & { readonly unit: IngestProgress['unit'] | 'pairs' };
/** What is to be done: take in what was uploaded, or find out which entities are one. */
export type JobTask = 'ingest' | 'resolve';
/** What a resolution came to, in numbers. */
export type ResolutionCounts = Pick<ResolutionReport, 'entities' | 'pairs' | 'open' | 'declared' | 'forgotten' | 'moved'> & { readonly merges: number; readonly namesakes: number };

/** A job as it is kept; its truth. */
export interface Job {
  readonly id: string;
  readonly workspace: string;
  readonly workspaceUid: string;
  readonly task: JobTask;
  readonly state: JobState;
  readonly progress: JobProgress;
  readonly counts: JobCounts;
  readonly errors: readonly JobFault[];
  readonly documentIds: readonly string[];
  /** Of a resolution that has come to its end. */
  readonly resolution?: ResolutionCounts;
  readonly inputs: readonly JobInput[];
  readonly cancelRequested: boolean;
  /** How often it was begun since it was queued by a caller. */
  readonly attempts: number;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** A job in the shape of the wire. */
export type JobView = Pick<Job, 'id' | 'workspace' | 'state' | 'progress' | 'counts' | 'errors' | 'documentIds' | 'resolution'>;

export const NO_COUNTS: JobCounts = { added: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0, chunks: 0, modelCalls: 0 };

/** Whether nothing will change any more unless a caller asks for it. */
export function isEnded(job: Pick<Job, 'state'>): boolean {
  return job.state !== 'queued' && job.state !== 'running';
}

/** The part of a job that callers see. */
export function viewOf({ id, workspace, state, progress, counts, errors, documentIds, resolution }: Job): JobView {
  return { id, workspace, state, progress, counts, errors, documentIds, ...(resolution === undefined ? {} : { resolution }) };
}
