import { percentilesOf } from './percentiles.ts';

/** How long one stage took over many requests, in milliseconds. */
export interface StageTime {
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
}

/** Milliseconds by stage; what is no number, such as counts, is passed over. */
type StagesOfRequest = Readonly<Record<string, unknown>>;

/** Times by stage, in the order in which the stages first came. */
export type StageTimes = Readonly<Record<string, StageTime>>;

/**
 * Sums up the stages of many requests.
 * @param timings of each request, milliseconds by stage; a stage that a request did not have does not count for it
 */
export function stageTimes(timings: readonly StagesOfRequest[]): StageTimes {
  const times = (request: StagesOfRequest): [string, number][] => Object.entries(request).filter((entry): entry is [string, number] => typeof entry[1] === 'number');
  const requests = timings.map((request) => new Map(times(request)));
  const stages = [...new Set(requests.flatMap((request) => [...request.keys()]))];
  return Object.fromEntries(
    stages.map((stage) => {
      const values = requests.flatMap((request) => request.get(stage) ?? []);
      const { p50, p95 } = percentilesOf(values);
      const sum = values.reduce((total, value) => total + value, 0);
      return [stage, { mean: Math.round((100 * sum) / values.length) / 100, p50, p95 }];
    }),
  );
}

/** The median of each stage but the whole, as columns of a table: `<stage>P50Ms`. */
export function stageColumns(timings: readonly StagesOfRequest[]): Readonly<Record<string, number>> {
  const stages = Object.entries(stageTimes(timings)).filter(([stage]) => stage !== 'total');
  return Object.fromEntries(stages.map(([stage, { p50 }]) => [`${stage}P50Ms`, p50]));
}
