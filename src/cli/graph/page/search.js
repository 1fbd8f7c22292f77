import { colourOf, ranked } from './data.js';
import { byId, element } from './dom.js';

const MOST = 12;
const input = byId('search');
const list = byId('found');
let found = [];
let current = 0;

const plain = (text) => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
const names = ranked.map((node) => ({ node, name: plain(node.name) }));

/** Those whose name begins so before those that hold it, each by falling number of relations. */
function find(text) {
  const wanted = plain(text.trim());
  if (wanted === '') return [];
  const begin = names.filter(({ name }) => name.startsWith(wanted));
  const hold = names.filter(({ name }) => !name.startsWith(wanted) && name.includes(wanted));
  return [...begin, ...hold].slice(0, MOST).map(({ node }) => node);
}

function mark(place) {
  current = found.length === 0 ? 0 : (place + found.length) % found.length;
  [...list.children].forEach((item, i) => item.setAttribute('aria-selected', String(i === current)));
  list.children[current]?.scrollIntoView({ block: 'nearest' });
  if (found.length > 0) input.setAttribute('aria-activedescendant', `found-${String(current)}`);
  else input.removeAttribute('aria-activedescendant');
}

function item({ name, type, degree }, i, pick) {
  const children = [
    element('span', { className: `dot t${colourOf(type)}`, 'aria-hidden': 'true' }),
    element('span', { className: 'name clip', text: name }),
    element('span', { className: 'count', text: String(degree) }),
  ];
  return element('li', { id: `found-${String(i)}`, role: 'option', children, mousedown: (event) => { event.preventDefault(); pick(i); } });
}

function close() {
  list.hidden = true;
  input.setAttribute('aria-expanded', 'false');
}

/** Lets a name be typed and an entity be chosen from those found. */
export function startSearch(choose) {
  const pick = (place) => {
    const node = found[place];
    input.value = '';
    close();
    if (node !== undefined) choose(node.id);
  };
  const update = () => {
    found = find(input.value);
    const items = found.map((node, i) => item(node, i, pick));
    const none = input.value.trim() === '' ? [] : [element('li', { className: 'quiet', text: 'No entity is called so here.' })];
    list.replaceChildren(...(items.length > 0 ? items : none));
    list.hidden = list.children.length === 0;
    input.setAttribute('aria-expanded', String(!list.hidden));
    mark(0);
  };
  const keys = { ArrowDown: () => { mark(current + 1); }, ArrowUp: () => { mark(current - 1); }, Enter: () => { pick(current); }, Escape: close };
  input.addEventListener('input', update);
  input.addEventListener('focus', update);
  input.addEventListener('blur', close);
  input.addEventListener('keydown', (event) => {
    const act = keys[event.key];
    if (act === undefined || list.hidden) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });
}
