import { AppError } from '../../common/errors/app-error.ts';
import type { FileReport, IngestReport } from '../ingestion.types.ts';
import type { ResolutionReport } from '../resolution/resolution.service.ts';
import { type Job, type JobFault, NO_COUNTS } from './job.types.ts';

/** So many ids and faults are kept with a job. */
const MAX_IDS = 1000;
const MAX_FAULTS = 100;

function faultOf({ source, status, code, message }: FileReport): JobFault[] {
  return status === 'failed' ? [{ source, code: code ?? 'internal-error', message: message ?? '' }] : [];
}

/** The job after its ingestion came to its end; it has failed only if nothing of it could be taken in. */
export function completed(job: Job, report: IngestReport): Job {
  const { added, updated, unchanged, failed } = report.totals;
  return {
    ...job,
    state: failed > 0 && added + updated + unchanged === 0 ? 'failed' : 'completed',
    progress: { ...job.progress, done: job.progress.total },
    counts: { ...report.totals, modelCalls: report.modelCalls },
    errors: report.files.flatMap(faultOf).slice(0, MAX_FAULTS),
    documentIds: report.files.flatMap((file) => file.documentIds).slice(0, MAX_IDS),
  };
}

/** The job after its resolution came to its end. */
export function resolved(job: Job, { entities, pairs, open, declared, forgotten, merges, namesakes, moved, modelCalls }: ResolutionReport): Job {
  return {
    ...job,
    state: 'completed',
    progress: { done: pairs, total: pairs, unit: 'pairs' },
    counts: { ...NO_COUNTS, modelCalls },
    resolution: { entities, pairs, open, merges: merges.length, declared, forgotten, namesakes: namesakes.length, moved },
  };
}

/** The job after what it is for broke off. */
export function broken(job: Job, error: unknown): Job {
  const known = error instanceof AppError;
  const fault = {
    source: '',
    code: known ? error.code : 'internal-error',
    // What is not an error of the service may say more than a caller should see.
    message: known ? [error.message, error.remedy].filter(Boolean).join(' ') : 'Something unexpected happened; the log of the service says what.',
  };
  return { ...job, state: 'failed', errors: [fault] };
}
