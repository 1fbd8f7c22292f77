import type { ResolutionReport } from '../../ingestion/resolution/resolution.service.ts';
import { LAYERS, type Resolved } from '../../ingestion/resolution/resolution.types.ts';
import { formatTable } from './table.ts';

/** Merges, for a person. */
export function describeMerges(merges: readonly Resolved[]): string {
  if (merges.length === 0) return 'Nothing was merged.';
  return formatTable(merges, [
    { title: 'entity', value: ({ name }) => name },
    { title: 'is', value: ({ intoName }) => intoName },
    { title: 'by', value: ({ layer }) => layer },
    { title: 'similarity', value: ({ similarity }) => similarity.toFixed(2) },
    { title: 'id', value: ({ entityId }) => entityId },
  ]);
}

/** What a resolution found and did, for a person. */
export function describeResolution(report: ResolutionReport, isDry: boolean): string {
  const { merges, entities, pairs, open, modelCalls, declared, forgotten, seconds } = report;
  const byLayer = LAYERS.flatMap((layer) => {
    const count = merges.filter((merge) => merge.layer === layer).length;
    return count === 0 ? [] : [`${String(count)} by ${layer}`];
  });
  const found = `${String(merges.length)} of ${String(entities)} entities are others${byLayer.length === 0 ? '' : ` (${byLayer.join(', ')})`}`;
  const done = isDry ? 'nothing was changed' : `${String(declared)} declared, ${String(forgotten)} taken back`;
  const calls = modelCalls === 0 ? '' : `, ${String(modelCalls)} model calls`;
  return `${found}; ${String(pairs)} pairs looked at, ${String(open)} left open${calls}; ${done}, in ${seconds.toFixed(1)} s.`;
}
