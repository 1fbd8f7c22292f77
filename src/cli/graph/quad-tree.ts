import { at, extent, type Places } from './places.ts';

/** A square with the points in it. */
interface Square {
  readonly size: number;
  readonly mass: number;
  /** The middle of its points. */
  readonly x: number;
  readonly y: number;
  readonly points: readonly number[];
  /** Those that hold points; none where the square is not divided further. */
  readonly quarters: readonly Square[];
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly size: number;
}

/** What acts on a point: its distance along the axes, and how many points it stands for. */
export type Act = (dx: number, dy: number, mass: number) => void;

/** A square of so few points is not divided. */
const FEW = 8;
/** Nor is one divided more often: points may lie on each other. */
const DEEPEST = 20;
/** Width by distance up to which a square counts as one point. */
const THETA = 0.9;

/**
 * Lets many points act on each other in about n log n steps: those far away count as one in their middle (J. Barnes and P. Hut, "A
 * hierarchical O(N log N) force-calculation algorithm", Nature 324, 1986).
 */
export class QuadTree {
  readonly #root: Square;
  readonly #places: Places;

  constructor(places: Places) {
    this.#places = places;
    const [left, right] = extent(places.x);
    const [top, bottom] = extent(places.y);
    const all = Array.from(places.x, (_, point) => point);
    this.#root = this.#divide(all, { left, top, size: Math.max(right - left, bottom - top) }, 0);
  }

  /** Calls `act` with what acts on a point; together they stand for all others. */
  visit(point: number, act: Act): void {
    this.#visit(this.#root, point, act);
  }

  #visit(square: Square, point: number, act: Act): void {
    const { x, y } = this.#places;
    const [dx, dy] = [at(x, point) - square.x, at(y, point) - square.y];
    if (square.size * square.size < THETA * THETA * (dx * dx + dy * dy)) {
      act(dx, dy, square.mass);
    } else if (square.quarters.length > 0) {
      for (const quarter of square.quarters) this.#visit(quarter, point, act);
    } else {
      for (const other of square.points) if (other !== point) act(at(x, point) - at(x, other), at(y, point) - at(y, other), 1);
    }
  }

  #divide(points: readonly number[], box: Box, depth: number): Square {
    const { x, y } = this.#places;
    let [sumX, sumY] = [0, 0];
    for (const point of points) {
      sumX += at(x, point);
      sumY += at(y, point);
    }
    const quarters = points.length <= FEW || depth === DEEPEST ? [] : this.#quarters(points, box, depth);
    return { size: box.size, mass: points.length, x: sumX / points.length, y: sumY / points.length, points, quarters };
  }

  #quarters(points: readonly number[], { left, top, size }: Box, depth: number): Square[] {
    const { x, y } = this.#places;
    const half = size / 2;
    const parts: number[][] = [[], [], [], []];
    for (const point of points) parts[Number(at(x, point) > left + half) + 2 * Number(at(y, point) > top + half)]?.push(point);
    return parts.flatMap((part, i) => {
      const box = { left: i % 2 === 0 ? left : left + half, top: i < 2 ? top : top + half, size: half };
      return part.length === 0 ? [] : [this.#divide(part, box, depth + 1)];
    });
  }
}
