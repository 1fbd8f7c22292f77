import type { BenchmarkRow } from '../benchmark.types.ts';
import { type Panel, type Series, svgPlot } from '../../output/svg-plot.ts';

const X_LABEL = 'passages (logarithmic)';

function series(rows: readonly BenchmarkRow[], name: string, column: string): Series {
  return { name, points: rows.map((row) => [Number(row['passages']), Number(row[column])] as const) };
}

/** Four pictures of how an index grows. */
export function growPlot(rows: readonly BenchmarkRow[], subtitle: string): string {
  const panel = (title: string, yLabel: string, yScale: Panel['yScale'], lines: readonly (readonly [name: string, column: string])[]): Panel => ({
    title,
    xLabel: X_LABEL,
    yLabel,
    yScale,
    series: lines.map(([name, column]) => series(rows, name, column)),
  });
  return svgPlot({
    title: 'How an index grows',
    subtitle,
    panels: [
      panel('Time to index', 'seconds in all (logarithmic)', 'log', [['seconds', 'totalSeconds']]),
      panel('Database file', 'megabytes (logarithmic)', 'log', [['on disk', 'databaseMb']]),
      panel('Memory of the process', 'megabytes resident', 'linear', [['after', 'rssMb'], ['peak', 'peakRssMb']]),
      panel('Time of a question, one caller', 'milliseconds', 'linear', [['p50', 'p50Ms'], ['p95', 'p95Ms'], ['p99', 'p99Ms']]),
    ],
  });
}
