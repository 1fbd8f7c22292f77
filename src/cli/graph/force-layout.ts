import { add, at, type Places } from './places.ts';
import { QuadTree } from './quad-tree.ts';

/** A connected graph whose nodes are numbers from 0. */
export interface LinkedNodes {
  /** Of each node, in units of the picture. */
  readonly radii: Float64Array;
  /** Ends of each edge; none leads from a node to itself. */
  readonly links: readonly (readonly [from: number, to: number])[];
}

const STEPS = 300;
/** From so many nodes on there are fewer steps, so that the time grows no faster than the graph. */
const MANY_NODES = 3000;
const LEAST_STEPS = 40;
const LAST_HEAT = 0.001;
const FRICTION = 0.6;
const REPULSION = 60;
/** Space left between two linked nodes. */
const LINK_LENGTH = 18;
/** Pull to the middle: a little stronger downwards, since a screen is wider than high. */
const PULL_X = 0.05;
const PULL_Y = 0.065;
/** Points on each other have no direction to part in; this share of a unit gives them one. */
const NUDGE = 1e-3;
/** The angle by which each seed of a sunflower follows the one before it: no two lie in one line with the middle. */
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));
const START_SPACING = 12;

/**
 * Places the nodes of a connected graph: linked ones near each other, all others apart, by springs and repulsion under falling heat (T.
 * Fruchterman and E. Reingold, "Graph drawing by force-directed placement", Software: Practice and Experience 21, 1991). The same
 * graph always gives the same places.
 */
export function forceLayout({ radii, links }: LinkedNodes): Places {
  const places = sunflower(radii.length);
  const speed = { x: new Float64Array(radii.length), y: new Float64Array(radii.length) };
  const springs = springsOf(radii, links);
  const steps = Math.max(LEAST_STEPS, Math.round(STEPS * Math.min(1, MANY_NODES / radii.length)));
  for (let step = 0; step < steps; step += 1) {
    const heat = LAST_HEAT ** (step / steps);
    repel(places, speed, heat);
    for (const spring of springs) pull(spring, places, { speed, heat });
    move(places, speed, heat);
  }
  return places;
}

function sunflower(count: number): Places {
  const distance = (i: number): number => START_SPACING * Math.sqrt(i + 0.5);
  return {
    x: Float64Array.from({ length: count }, (_, i) => distance(i) * Math.cos(i * GOLDEN_ANGLE)),
    y: Float64Array.from({ length: count }, (_, i) => distance(i) * Math.sin(i * GOLDEN_ANGLE)),
  };
}

interface Spring {
  readonly from: number;
  readonly to: number;
  readonly length: number;
  readonly strength: number;
  /** Share of the pull that moves `to`: the better linked end stays where it is. */
  readonly share: number;
}

function springsOf(radii: Float64Array, links: LinkedNodes['links']): Spring[] {
  const degrees = new Float64Array(radii.length);
  for (const node of links.flat()) add(degrees, node, 1);
  return links.map(([from, to]) => {
    const [one, other] = [at(degrees, from), at(degrees, to)];
    const length = LINK_LENGTH + at(radii, from) + at(radii, to);
    return { from, to, length, strength: 1 / Math.min(one, other), share: one / (one + other) };
  });
}

function repel(places: Places, speed: Places, heat: number): void {
  const tree = new QuadTree(places);
  for (let node = 0; node < places.x.length; node += 1) {
    let [towardsX, towardsY] = [0, 0];
    tree.visit(node, (dx, dy, mass) => {
      const squared = Math.max(dx * dx + dy * dy, 1);
      towardsX += ((dx === 0 ? NUDGE * (node % 2 === 0 ? 1 : -1) : dx) * mass) / squared;
      towardsY += ((dy === 0 ? NUDGE * (node % 3 === 0 ? 1 : -1) : dy) * mass) / squared;
    });
    add(speed.x, node, towardsX * REPULSION * heat);
    add(speed.y, node, towardsY * REPULSION * heat);
  }
}

function pull({ from, to, length, strength, share }: Spring, { x, y }: Places, { speed, heat }: { readonly speed: Places; readonly heat: number }): void {
  const dx = at(x, to) - at(x, from) || NUDGE;
  const dy = at(y, to) - at(y, from) || NUDGE;
  const distance = Math.hypot(dx, dy);
  const force = ((distance - length) / distance) * strength * heat;
  add(speed.x, to, -dx * force * share);
  add(speed.y, to, -dy * force * share);
  add(speed.x, from, dx * force * (1 - share));
  add(speed.y, from, dy * force * (1 - share));
}

function move({ x, y }: Places, speed: Places, heat: number): void {
  for (let node = 0; node < x.length; node += 1) {
    speed.x[node] = at(speed.x, node) * FRICTION - at(x, node) * PULL_X * heat;
    speed.y[node] = at(speed.y, node) * FRICTION - at(y, node) * PULL_Y * heat;
    add(x, node, at(speed.x, node));
    add(y, node, at(speed.y, node));
  }
}
