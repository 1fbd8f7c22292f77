import type { RelationFact } from '../../src/graph/graph.types.ts';
import type { KnowledgeGraph } from '../../src/graph/knowledge-graph.port.ts';

/** A graph that knows these relations, and can be asked for nothing else. */
export function fakeRelations(facts: readonly RelationFact[] = []): KnowledgeGraph {
  const graph: Pick<KnowledgeGraph, 'relationsOf'> = { relationsOf: (_workspace, { limit }) => Promise.resolve(facts.slice(0, limit)) };
  return graph as KnowledgeGraph;
}
