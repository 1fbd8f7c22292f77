import { nodes, picture } from './data.js';
import { byId } from './dom.js';
import { cy, emphasise, fit, show, zoomBy } from './drawing.js';
import { listTypes, reveal } from './filter.js';
import { drawLabels } from './labels.js';
import { showEntity, showRanking } from './panel.js';
import { startSearch } from './search.js';

const STEP = 80;
const ZOOM = 1.3;
let chosen;

function close() {
  if (chosen === undefined) return;
  chosen = undefined;
  emphasise();
  showRanking(choose);
  cy.resize();
}

/** @param focus whether the reader goes to the panel, as one without a mouse wants */
function choose(id, focus = true) {
  const node = nodes.get(id);
  if (node === undefined) return;
  chosen = id;
  reveal(node);
  emphasise(id);
  const title = showEntity(id, { choose, close });
  show(id);
  if (focus) title.focus();
}

const KEYS = {
  ArrowLeft: () => { cy.panBy({ x: STEP, y: 0 }); },
  ArrowRight: () => { cy.panBy({ x: -STEP, y: 0 }); },
  ArrowUp: () => { cy.panBy({ x: 0, y: STEP }); },
  ArrowDown: () => { cy.panBy({ x: 0, y: -STEP }); },
  '+': () => { zoomBy(ZOOM); },
  '=': () => { zoomBy(ZOOM); },
  '-': () => { zoomBy(1 / ZOOM); },
  0: fit,
};

cy.on('tap', 'node', ({ target }) => { choose(target.id(), false); });
cy.on('tap', ({ target }) => { if (target === cy) close(); });
cy.on('mouseover', 'node', () => { byId('picture').style.cursor = 'pointer'; });
cy.on('mouseout', 'node', () => { byId('picture').style.cursor = ''; });
byId('picture').addEventListener('keydown', (event) => {
  const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : KEYS[event.key];
  if (act === undefined) return;
  event.preventDefault();
  act();
});
document.addEventListener('keydown', (event) => { if (event.key === 'Escape') close(); });
byId('zoom-in').addEventListener('click', () => { zoomBy(ZOOM); });
byId('zoom-out').addEventListener('click', () => { zoomBy(1 / ZOOM); });
byId('fit').addEventListener('click', fit);
byId('nothing').hidden = picture.nodes.length > 0;
listTypes();
drawLabels();
startSearch(choose);
showRanking(choose);
if (picture.start !== '') choose(picture.start, false);
document.documentElement.dataset.ready = 'true';
