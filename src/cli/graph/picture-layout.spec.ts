import fc from 'fast-check';
import type { GraphPicture } from '../../graph/graph.types.ts';
import { connectedParts, layOut, type NodePlace } from './picture-layout.ts';

/** A picture of so many nodes with edges between those of these numbers. */
function pictureOf(count: number, links: readonly (readonly [number, number])[]): GraphPicture {
  const ends = links.map(([from, to]) => [String(from % count), String(to % count)] as const);
  const degree = (id: string): number => ends.flat().filter((end) => end === id).length;
  return {
    nodes: Array.from({ length: count }, (_, i) => ({ id: String(i), name: `N${String(i)}`, type: 't', degree: degree(String(i)) })),
    edges: ends.map(([source, target]) => ({ source, target, type: 'r', weight: 1, evidence: [] })),
  };
}

const NOWHERE: NodePlace = { x: Number.NaN, y: Number.NaN, radius: Number.NaN };
const distance = (a = NOWHERE, b = NOWHERE): number => Math.hypot(a.x - b.x, a.y - b.y);
const link = fc.tuple(fc.nat(60), fc.nat(60));

describe('layOut', () => {
  it('places every node, none over another, and the same graph in the same way', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.array(link, { maxLength: 60 }), (count, links) => {
        const picture = pictureOf(count, links);
        const places = layOut(picture);
        expect([...layOut(picture)]).toEqual([...places]);
        expect(new Set(places.keys())).toEqual(new Set(picture.nodes.map(({ id }) => id)));
        const list = [...places.values()];
        for (const [i, one] of list.entries()) {
          expect([one.x, one.y, one.radius].every(Number.isFinite)).toBe(true);
          for (const other of list.slice(i + 1)) expect(distance(one, other)).toBeGreaterThan((one.radius + other.radius) * 0.9);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('draws what is related together, and what is not apart', () => {
    const ring = (start: number): [number, number][] => Array.from({ length: 10 }, (_, i) => [start + i, start + ((i + 1) % 10)]);
    const places = layOut(pictureOf(20, [...ring(0), ...ring(10)]));
    const mean = (pairs: readonly (readonly [number, number])[]): number => pairs.reduce((sum, [a, b]) => sum + distance(places.get(String(a)), places.get(String(b))), 0) / pairs.length;
    expect(mean(ring(0))).toBeLessThan(mean(Array.from({ length: 10 }, (_, i) => [i, i + 10])));
  });

  it('makes the best connected largest', () => {
    const places = layOut(pictureOf(6, [[0, 1], [0, 2], [0, 3], [0, 4], [4, 5]]));
    const radii = ['0', '4', '1'].map((id) => places.get(id)?.radius ?? 0);
    expect(radii).toEqual([...radii].sort((a, b) => b - a));
    expect(new Set(radii).size).toBe(3);
  });

  it('has nothing to place in an empty picture', () => {
    expect(layOut({ nodes: [], edges: [] }).size).toBe(0);
  });
});

describe('connectedParts', () => {
  it('parts what does not hang together, the longest first, each from its best connected node', () => {
    expect(connectedParts(pictureOf(7, [[1, 0], [2, 3], [3, 4], [3, 6]]))).toEqual([['3', '2', '4', '6'], ['0', '1'], ['5']]);
  });
});
