import { colourOf, nodes, picture, ranked, relationsOf } from './data.js';
import { byId, element, number, plural } from './dom.js';

const RANKED = 40;
const AT_ONCE = 60;
const OPEN = 4;
const panel = byId('panel');

const dot = (type) => element('span', { className: `dot t${colourOf(type)}`, 'aria-hidden': 'true' });

function evidenceItem({ documentId, chunkId, place, title, quote }) {
  const children = quote === '' ? [] : [element('blockquote', { text: quote })];
  const where = title === '' || place.startsWith(title) ? place : `${title} · ${place}`;
  children.push(element('div', { className: 'small', text: where }));
  children.push(element('div', { className: 'ids', text: `document ${documentId}, chunk ${chunkId}` }));
  return element('li', { children });
}

function evidenceOf({ weight, evidence }, open) {
  const items = evidence.map(evidenceItem);
  if (weight > evidence.length) items.push(element('li', { className: 'small quiet', text: `and ${plural(weight - evidence.length, 'more passage', 'more passages')}` }));
  return element('details', { className: 'evidence', ...(open ? { open: '' } : {}), children: [element('summary', { text: plural(weight, 'passage', 'passages') }), element('ul', { children: items })] });
}

function end(id, self, choose) {
  const { name = id } = nodes.get(id) ?? {};
  return id === self ? element('span', { className: 'self', text: name }) : element('button', { className: 'link', type: 'button', text: name, click: () => choose(id) });
}

function relationItem(edge, { self, choose, open }) {
  const ends = [end(edge.source, self, choose), element('span', { className: 'how', text: ` ${edge.type} ` }), end(edge.target, self, choose)];
  return element('li', { children: [element('div', { className: 'relation', children: ends }), evidenceOf(edge, open)] });
}

/** A list that shows its first entries, and more when asked. */
function growingList(entries, make) {
  const list = element('ul', { className: 'relations' });
  const more = element('button', { className: 'button more', type: 'button' });
  let shown = 0;
  const grow = () => {
    list.append(...entries.slice(shown, shown + AT_ONCE).map((entry, i) => make(entry, shown + i)));
    shown = Math.min(entries.length, shown + AT_ONCE);
    more.hidden = shown === entries.length;
    more.textContent = `Show more of ${number(entries.length)}`;
  };
  more.addEventListener('click', grow);
  grow();
  return [list, more];
}

/** What there is to know about an entity: its relations with the passages that assert them. */
export function showEntity(id, { choose, close }) {
  const { name, type } = nodes.get(id);
  const relations = relationsOf(id);
  const title = element('h3', { text: name, tabindex: '-1' });
  const head = [dot(type), title, element('button', { className: 'button', type: 'button', 'aria-label': 'Close', text: '×', click: close })];
  panel.classList.remove('idle');
  panel.replaceChildren(
    element('div', { className: 'panel-head', children: head }),
    element('p', { className: 'facts quiet small', text: `${type} · ${plural(relations.length, 'relation', 'relations')} shown here` }),
    ...growingList(relations, (edge, i) => relationItem(edge, { self: id, choose, open: i < OPEN })),
  );
  panel.scrollTop = 0;
  return title;
}

/** The best connected entities, while none is chosen. */
export function showRanking(choose) {
  const items = ranked.slice(0, RANKED).map(({ id, name, type, degree }) => {
    const children = [dot(type), element('button', { className: 'link', type: 'button', text: name, click: () => choose(id) }), element('span', { className: 'count', text: number(degree) })];
    return element('li', { children });
  });
  panel.classList.add('idle');
  const notes = picture.note === '' ? [] : [element('p', { className: 'quiet small more', text: picture.note })];
  panel.replaceChildren(element('div', { className: 'heading', children: [element('h2', { text: 'Most relations' })] }), element('ul', { className: 'ranking', children: items }), ...notes);
}
