import { colourOf, picture, types } from './data.js';
import { byId, element, number, plural } from './dom.js';
import { cy } from './drawing.js';

const off = new Set();
const alone = byId('alone');
const boxes = [];

const isOff = ({ type, degree }) => off.has(type) || (degree === 0 && !alone.checked);

function apply() {
  const hidden = new Set(picture.nodes.filter(isOff).map(({ id }) => id));
  cy.batch(() => {
    cy.nodes('.off').filter((node) => !hidden.has(node.id())).removeClass('off');
    cy.nodes().filter((node) => hidden.has(node.id())).addClass('off');
  });
  const edges = picture.edges.filter(({ source, target }) => !hidden.has(source) && !hidden.has(target)).length;
  byId('counts').textContent = `${plural(picture.nodes.length - hidden.size, 'entity', 'entities')}, ${plural(edges, 'relation', 'relations')}`;
}

function row({ name, count }) {
  const box = element('input', { type: 'checkbox' });
  box.checked = true;
  box.addEventListener('change', () => {
    if (box.checked) off.delete(name);
    else off.add(name);
    apply();
  });
  boxes.push(box);
  const children = [box, element('span', { className: `dot t${colourOf(name)}`, 'aria-hidden': 'true' }), element('span', { className: 'name', text: name === '' ? '(none)' : name }), element('span', { className: 'count', text: number(count) })];
  return element('li', { children: [element('label', { className: 'type', children })] });
}

/** All types on, or, when all are on, all off. */
function turnAll() {
  const on = off.size > 0;
  off.clear();
  if (!on) for (const { name } of types) off.add(name);
  for (const box of boxes) box.checked = on;
  apply();
}

/** Shows again what a filter hides, so that it can be looked at. */
export function reveal({ type, degree }) {
  if (degree === 0) alone.checked = true;
  if (off.delete(type)) boxes[types.findIndex(({ name }) => name === type)].checked = true;
  apply();
}

/** Lists the types with their colours, each to be left out. */
export function listTypes() {
  byId('types').replaceChildren(...types.map(row));
  const count = picture.nodes.filter(({ degree }) => degree === 0).length;
  byId('alone-row').hidden = count === 0;
  byId('alone-count').textContent = number(count);
  alone.addEventListener('change', apply);
  byId('all-types').addEventListener('click', turnAll);
  byId('show-types').addEventListener('click', () => {
    const open = byId('side').classList.toggle('open');
    byId('show-types').setAttribute('aria-expanded', String(open));
  });
  apply();
}
