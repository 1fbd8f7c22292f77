import { byId } from './dom.js';
import { colourOf, picture } from './data.js';
import { colour, onTheme } from './theme.js';

// Curved edges keep two relations of the same pair apart, and cost most of the time where there are many.
const CURVED_UP_TO = 1200;
const WIDEST = 5;
const FIT_PADDING = 36;

function styles() {
  const types = [...Array(9).keys(), 'rest'].map((type) => ({ selector: `node[colour = "${type}"]`, style: { 'background-color': colour(`type-${type}`) } }));
  return [
    { selector: 'node', style: { width: 'data(size)', height: 'data(size)', 'border-width': 1, 'border-color': colour('halo') } },
    ...types,
    {
      selector: 'edge',
      style: {
        width: 'data(width)', 'line-color': colour('edge'), 'target-arrow-color': colour('edge'), 'target-arrow-shape': 'triangle', 'arrow-scale': 0.6,
        'curve-style': picture.edges.length > CURVED_UP_TO ? 'straight' : 'bezier', opacity: 0.75,
      },
    },
    { selector: '.off', style: { display: 'none' } },
    { selector: '.faded', style: { opacity: 0.08, events: 'no' } },
    { selector: 'edge.near', style: { 'line-color': colour('accent'), 'target-arrow-color': colour('accent'), opacity: 1, 'z-index': 5 } },
    { selector: 'node.chosen', style: { 'border-width': 4, 'border-color': colour('ink') } },
  ];
}

function elements() {
  const drawn = picture.nodes.map(({ id, name, type, x, y, radius }) => ({ data: { id, name, type, colour: colourOf(type), size: 2 * radius }, position: { x, y } }));
  const lines = picture.edges.map(({ source, target, weight }, i) => ({
    data: { id: `edge ${String(i)}`, source, target, width: Math.min(WIDEST, 1.2 + Math.log2(weight || 1)) },
  }));
  return { nodes: drawn, edges: lines };
}

/** The drawing. */
export const cy = window.cytoscape({
  container: byId('picture'),
  elements: elements(),
  style: styles(),
  layout: { name: 'preset', fit: true, padding: FIT_PADDING },
  minZoom: 0.02,
  maxZoom: 6,
  boxSelectionEnabled: false,
  autounselectify: true,
  hideEdgesOnViewport: picture.edges.length > 4000,
  textureOnViewport: picture.nodes.length > 3000,
});

onTheme(() => cy.style(styles()));

/** Shows everything that is not filtered away. */
export function fit() {
  cy.fit(cy.elements(':visible'), FIT_PADDING);
}

/** Zooms around the middle of what is seen. */
export function zoomBy(factor) {
  cy.zoom({ level: cy.zoom() * factor, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
}

/** Makes a node stand out with what it is related to; nothing: all are equal again. */
export function emphasise(id) {
  cy.batch(() => {
    cy.elements('.faded, .near, .chosen').removeClass('faded near chosen');
    if (id === undefined) return;
    const chosen = cy.getElementById(id);
    const near = chosen.closedNeighborhood();
    cy.elements().difference(near).addClass('faded');
    near.edges().addClass('near');
    chosen.addClass('chosen');
  });
}

/** Brings a node into view, close enough to tell it from its neighbours. */
export function show(id) {
  // The panel may have taken some of its room just now.
  cy.resize();
  const node = cy.getElementById(id);
  const { x, y } = node.renderedPosition();
  const inside = x > 40 && y > 40 && x < cy.width() - 40 && y < cy.height() - 40;
  if (inside && cy.zoom() > 0.5) return;
  cy.zoom(Math.max(cy.zoom(), 0.9));
  cy.center(node);
}
