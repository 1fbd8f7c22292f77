import type { BenchmarkRow } from './benchmark.types.ts';
import { type Series, svgPlot } from '../output/svg-plot.ts';

const X_LABEL = 'callers at once (logarithmic)';

/** How long a neighbourhood takes and how many come in a second, by the number of callers. */
export function graphFetchPlot(rows: readonly BenchmarkRow[], subtitle: string): string {
  const line = (name: string, column: string): Series => ({ name, points: rows.map((row) => [Number(row['callers']), Number(row[column])] as const) });
  return svgPlot({
    title: 'Fetching neighbourhoods from the graph',
    subtitle,
    panels: [
      { title: 'Time of a neighbourhood', xLabel: X_LABEL, yLabel: 'milliseconds', yScale: 'linear', series: [line('p50', 'p50Ms'), line('p95', 'p95Ms'), line('p99', 'p99Ms')] },
      { title: 'Throughput', xLabel: X_LABEL, yLabel: 'neighbourhoods a second', yScale: 'linear', series: [line('a second', 'perSecond')] },
    ],
  });
}
