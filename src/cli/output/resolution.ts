import type { ResolutionReport } from '../../ingestion/resolution/resolution.service.ts';
import { LAYERS, type Namesakes, type Resolved } from '../../ingestion/resolution/resolution.types.ts';
import { formatTable } from './table.ts';

/** Merges, for a person. */
function describeMerges(merges: readonly Resolved[]): string {
  if (merges.length === 0) return 'Nothing was merged.';
  return formatTable(merges, [
    { title: 'entity', value: ({ name }) => name },
    { title: 'is', value: ({ intoName }) => intoName },
    { title: 'by', value: ({ layer }) => layer },
    { title: 'similarity', value: ({ similarity }) => similarity.toFixed(2) },
    { title: 'id', value: ({ entityId }) => entityId },
  ]);
}

/** Namesakes, for a person: one line for each of a name, with the number of documents that mean it. */
function describeNamesakes(namesakes: readonly Namesakes[]): string {
  const rows = namesakes.flatMap(({ id, name, layer, senses }) => {
    const counts = Map.groupBy(Object.values(senses), (sense) => sense);
    return Array.from(counts, ([sense, { length }]) => ({ id, name, layer, sense, length })).sort((a, b) => b.length - a.length || (a.sense < b.sense ? -1 : 1));
  });
  return formatTable(rows, [
    { title: 'several are called', value: ({ name }) => name },
    { title: 'one of them', value: ({ sense }) => sense },
    { title: 'documents', value: ({ length }) => String(length) },
    { title: 'by', value: ({ layer }) => layer },
    { title: 'id', value: ({ id }) => id },
  ]);
}

/** What was merged and told apart, for a person. */
export function describeResolved({ merges, namesakes }: { readonly merges: readonly Resolved[]; readonly namesakes: readonly Namesakes[] }): string {
  return [describeMerges(merges), ...(namesakes.length === 0 ? [] : [describeNamesakes(namesakes)])].join('\n\n');
}

/** What a resolution found and did, for a person. */
export function describeResolution(report: ResolutionReport, isDry: boolean): string {
  const { merges, entities, pairs, open, modelCalls, declared, forgotten, namesakes, seconds } = report;
  const byLayer = LAYERS.flatMap((layer) => {
    const count = merges.filter((merge) => merge.layer === layer).length;
    return count === 0 ? [] : [`${String(count)} by ${layer}`];
  });
  const found = `${String(merges.length)} of ${String(entities)} entities are others${byLayer.length === 0 ? '' : ` (${byLayer.join(', ')})`}`;
  const done = isDry ? 'nothing was changed' : `${String(declared)} declared, ${String(forgotten)} taken back`;
  const calls = modelCalls === 0 ? '' : `, ${String(modelCalls)} model calls`;
  const apart = namesakes.length === 0 ? '' : `; ${String(namesakes.length)} ${namesakes.length === 1 ? 'name is' : 'names are'} of several persons`;
  return `${found}${apart}; ${String(pairs)} pairs looked at, ${String(open)} left open${calls}; ${done}, in ${seconds.toFixed(1)} s.`;
}
