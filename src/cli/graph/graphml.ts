import type { GraphEdge, GraphNode, GraphPicture } from '../../graph/graph.types.ts';
import { xmlText } from '../output/xml-text.ts';

const HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">`;

/** What nodes and edges carry. Programs that draw show what is called `label`, and take `weight` for the thickness of an edge. */
const KEYS = [
  { id: 'label', of: 'node', type: 'string' },
  { id: 'type', of: 'node', type: 'string' },
  { id: 'degree', of: 'node', type: 'int' },
  { id: 'relation', of: 'edge', type: 'string' },
  { id: 'weight', of: 'edge', type: 'double' },
  { id: 'evidence', of: 'edge', type: 'string' },
] as const;

function data(key: (typeof KEYS)[number]['id'], value: string | number): string {
  return `<data key="${key}">${xmlText(String(value))}</data>`;
}

/** Ids are names without spaces in GraphML, which those of a store need not be. */
function nodeIds(nodes: readonly GraphNode[]): ReadonlyMap<string, string> {
  return new Map(nodes.map(({ id }, i) => [id, /^[\w.:-]+$/.test(id) ? id : `n${String(i)}`]));
}

function edgeElement({ source, target, type, weight, evidence }: GraphEdge, number: number, ids: ReadonlyMap<string, string>): string {
  const ends = `source="${ids.get(source) ?? ''}" target="${ids.get(target) ?? ''}"`;
  return `    <edge id="e${String(number)}" ${ends}>${data('relation', type)}${data('weight', weight)}${data('evidence', JSON.stringify(evidence))}</edge>`;
}

/**
 * A picture in GraphML 1.0 (http://graphml.graphdrawing.org), as Gephi, yEd, Cytoscape and NetworkX read it. The evidence of an edge is
 * JSON: `[{documentId, chunkId}]`.
 */
export function graphMl({ nodes, edges }: GraphPicture): string {
  const ids = nodeIds(nodes);
  return [
    HEAD,
    ...KEYS.map(({ id, of, type }) => `  <key id="${id}" for="${of}" attr.name="${id}" attr.type="${type}"/>`),
    '  <graph edgedefault="directed">',
    ...nodes.map(({ id, name, sense, type, degree }) => `    <node id="${ids.get(id) ?? ''}">${data('label', sense === undefined ? name : `${name} (${sense})`)}${data('type', type)}${data('degree', degree)}</node>`),
    ...edges.map((edge, i) => edgeElement(edge, i, ids)),
    '  </graph>',
    '</graphml>',
    '',
  ].join('\n');
}
