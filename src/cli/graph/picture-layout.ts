import type { GraphPicture } from '../../graph/graph.types.ts';
import { forceLayout } from './force-layout.ts';
import { partNodes } from './part-nodes.ts';
import { at } from './places.ts';

/** Where a node is drawn, and how large. */
export interface NodePlace {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** A part of the picture that is placed as one. */
interface Block {
  readonly width: number;
  readonly height: number;
  /** Seen from the corner at the top left. */
  readonly places: ReadonlyMap<string, NodePlace>;
}

const SMALLEST = 5;
const LARGEST = 26;
/** Space around a block. */
const MARGIN = 14;
/** Rows of blocks under the first one are as wide as it, or as this where it is narrower. */
const LEAST_WIDTH = 700;

/** Places all nodes of a picture: what hangs together as one, the largest first, what stands alone in rows below. */
export function layOut(picture: GraphPicture): ReadonlyMap<string, NodePlace> {
  const most = picture.nodes.reduce((max, { degree }) => Math.max(max, degree), 1);
  const radii = new Map(picture.nodes.map(({ id, degree }) => [id, SMALLEST + (LARGEST - SMALLEST) * Math.sqrt(degree / most)]));
  const blocks = connectedParts(picture).map((ids) => blockOf(ids, picture, radii));
  return stack(blocks);
}

/** Ids of nodes that hang together, each list from its best connected node outwards; the longest first. */
export function connectedParts(picture: GraphPicture): string[][] {
  const neighbours = neighboursIn(picture);
  const seen = new Set<string>();
  const parts: string[][] = [];
  for (const { id } of [...picture.nodes].sort((a, b) => b.degree - a.degree)) {
    if (seen.has(id)) continue;
    const part = [id];
    seen.add(id);
    // The list grows while it is walked through.
    for (const each of part) {
      const next = new Set(neighbours.get(each)).difference(seen);
      for (const other of next) seen.add(other);
      part.push(...next);
    }
    parts.push(part);
  }
  return parts.sort((a, b) => b.length - a.length);
}

function neighboursIn({ nodes, edges }: GraphPicture): ReadonlyMap<string, readonly string[]> {
  const neighbours = new Map<string, string[]>(nodes.map(({ id }) => [id, []]));
  for (const { source, target } of edges) {
    neighbours.get(source)?.push(target);
    neighbours.get(target)?.push(source);
  }
  return neighbours;
}

function blockOf(ids: readonly string[], { edges }: GraphPicture, radiusOf: ReadonlyMap<string, number>): Block {
  const number = new Map(ids.map((id, i) => [id, i]));
  const radii = Float64Array.from(ids, (id) => radiusOf.get(id) ?? SMALLEST);
  const links = edges.flatMap(({ source, target }) => {
    const [from, to] = [number.get(source), number.get(target)];
    return from === undefined || to === undefined || from === to ? [] : [[from, to] as const];
  });
  const places = forceLayout({ radii, links });
  partNodes(places, radii);
  const outer = (values: Float64Array, side: -1 | 1): number => side * values.reduce((most, value, i) => Math.max(most, side * value + at(radii, i) + MARGIN), -Infinity);
  const [left, top] = [outer(places.x, -1), outer(places.y, -1)];
  return {
    width: outer(places.x, 1) - left,
    height: outer(places.y, 1) - top,
    places: new Map(ids.map((id, i) => [id, { x: at(places.x, i) - left, y: at(places.y, i) - top, radius: at(radii, i) }])),
  };
}

/** The first block above, the others in rows below it. */
function stack(blocks: readonly Block[]): Map<string, NodePlace> {
  const placed = new Map<string, NodePlace>();
  const width = Math.max(LEAST_WIDTH, blocks[0]?.width ?? 0);
  let [left, top, rowHeight] = [0, 0, 0];
  for (const block of blocks) {
    if (left > 0 && left + block.width > width) [left, top, rowHeight] = [0, top + rowHeight, 0];
    for (const [id, { x, y, radius }] of block.places) placed.set(id, { x: tenths(left + x), y: tenths(top + y), radius: tenths(radius) });
    left += block.width;
    rowHeight = Math.max(rowHeight, block.height);
  }
  return placed;
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
