import { add, at, extent, type Places } from './places.ts';

const PASSES = 60;
/** Space left between two nodes. */
const GAP = 3;

/** Moves nodes apart that overlap, a little at a time, so that all keep their surroundings. */
export function partNodes(places: Places, radii: Float64Array): void {
  const cell = 2 * extent(radii)[1] + GAP;
  for (let pass = 0; pass < PASSES; pass += 1) {
    const cells = cellsOf(places, cell);
    let moved = false;
    for (let node = 0; node < radii.length; node += 1) {
      for (const other of around(cells, places, { node, cell })) if (other > node) moved = part(places, radii, [node, other]) || moved;
    }
    if (!moved) return;
  }
}

type Cells = ReadonlyMap<string, readonly number[]>;

const cellOf = ({ x, y }: Places, node: number, cell: number): [number, number] => [Math.floor(at(x, node) / cell), Math.floor(at(y, node) / cell)];

function cellsOf(places: Places, cell: number): Cells {
  return Map.groupBy(Array.from(places.x, (_, node) => node), (node) => cellOf(places, node, cell).join());
}

function around(cells: Cells, places: Places, { node, cell }: { readonly node: number; readonly cell: number }): number[] {
  const [column, row] = cellOf(places, node, cell);
  const found: number[] = [];
  for (let i = -1; i <= 1; i += 1) for (let j = -1; j <= 1; j += 1) found.push(...(cells.get(`${String(column + i)},${String(row + j)}`) ?? []));
  return found;
}

function part({ x, y }: Places, radii: Float64Array, [one, other]: readonly [number, number]): boolean {
  const wanted = at(radii, one) + at(radii, other) + GAP;
  const [dx, dy] = [at(x, other) - at(x, one), at(y, other) - at(y, one)];
  const distance = Math.hypot(dx, dy);
  if (distance >= wanted) return false;
  const [towardsX, towardsY] = distance === 0 ? [1, 0] : [dx / distance, dy / distance];
  const step = (wanted - distance) / 2 + 0.01;
  add(x, one, -towardsX * step);
  add(y, one, -towardsY * step);
  add(x, other, towardsX * step);
  add(y, other, towardsY * step);
  return true;
}
