import { byId } from './dom.js';
import { ranked } from './data.js';
import { cy } from './drawing.js';
import { colour } from './theme.js';

// Labels are drawn here, not by cytoscape: always in the same size on the screen, the best connected first, and none over another, so
// that more of them come as one zooms in.
const CELL = 40;
const MOST = 220;
// A node that is smaller on the screen, in pixels, has no label unless it is looked at.
const LEAST_RADIUS = 4;
const LONGEST = 28;

const canvas = byId('labels');
const context = canvas.getContext('2d');
const order = ranked.map(({ id, name }) => ({ node: cy.getElementById(id), name: name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name }));
const widths = new Map();

function fontSize(radius) {
  return Math.round(Math.max(11, Math.min(17, 8 + radius * 0.6)));
}

function widthOf(text, size) {
  const key = `${String(size)} ${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    width = context.measureText(text).width;
    widths.set(key, width);
  }
  return width;
}

/** Whether a box is free; then it is taken. */
function take(taken, { left, top, right, bottom }) {
  const cells = [];
  for (let i = Math.floor(left / CELL); i <= Math.floor(right / CELL); i += 1) {
    for (let j = Math.floor(top / CELL); j <= Math.floor(bottom / CELL); j += 1) cells.push(`${String(i)},${String(j)}`);
  }
  const free = cells.every((cell) => (taken.get(cell) ?? []).every((box) => right < box.left || left > box.right || bottom < box.top || top > box.bottom));
  if (!free) return false;
  for (const cell of cells) taken.set(cell, [...(taken.get(cell) ?? []), { left, top, right, bottom }]);
  return true;
}

function clear() {
  const ratio = window.devicePixelRatio;
  const [width, height] = [cy.width(), cy.height()];
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  context.scale(ratio, ratio);
  context.textAlign = 'center';
  context.textBaseline = 'top';
  context.lineJoin = 'round';
  context.lineWidth = 3;
  context.strokeStyle = colour('halo');
  context.fillStyle = colour('ink');
  return { width, height };
}

function write({ node, name }, taken, screen) {
  const { x, y } = node.renderedPosition();
  if (x < -60 || y < -20 || x > screen.width + 60 || y > screen.height + 20) return false;
  const radius = (node.data('size') / 2) * screen.zoom;
  if (radius < LEAST_RADIUS && !screen.emphasised) return false;
  const size = fontSize(radius);
  context.font = `${String(size)}px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif`;
  const half = widthOf(name, size) / 2;
  const top = y + radius + 2;
  if (!take(taken, { left: x - half - 5, top, right: x + half + 5, bottom: top + size + 3 })) return false;
  context.strokeText(name, x, top);
  context.fillText(name, x, top);
  return true;
}

function draw() {
  const emphasised = cy.nodes('.chosen').nonempty();
  const screen = { ...clear(), zoom: cy.zoom(), emphasised };
  const taken = new Map();
  let written = 0;
  const first = emphasised ? order.filter(({ node }) => node.hasClass('chosen')) : [];
  for (const label of [...first, ...order]) {
    if (written >= MOST) break;
    if (label.node.hasClass('off') || (emphasised && label.node.hasClass('faded'))) continue;
    if (write(label, taken, screen)) written += 1;
  }
}

/** Draws the labels with every picture of cytoscape. */
export function drawLabels() {
  cy.on('render', draw);
  draw();
}
