import type { JobView } from '../../src/ingestion/jobs/job.types.ts';
import type { RunningApp } from './start-app.ts';

/** Waits for a job to end, by its own events. */
export async function finishedJob(service: RunningApp, jobId: string, key?: string): Promise<JobView> {
  const response = await service.call('get', `/jobs/${jobId}/events`, key);
  const last = response.text.trim().split('\n\n').at(-1) ?? '';
  const data = /^event: done\ndata: (.*)$/m.exec(last)?.[1];
  if (data === undefined) throw new Error(`The stream of events did not end with "done":\n${response.text}`);
  return JSON.parse(data) as JobView;
}
