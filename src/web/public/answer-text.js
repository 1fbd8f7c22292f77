// Shows the text of an answer: paragraphs, lists, bold, code and numbered markers. Everything else stays the text it is.
import { el } from './dom.js';

const INLINE = /\[(\d+)\]|\*\*([^*\n]+)\*\*|`([^`\n]+)`/g;
const ITEM = /^\s*(?:[-*•]|\d+[.)])\s+/;

/**
 * The nodes of an answer.
 * @param marker makes the node of the marker of that number; nothing leaves it out
 */
export function answerNodes(text, marker) {
  return text
    .split(/\n{2,}/)
    .filter((block) => block.trim() !== '')
    .flatMap((block) => blockNodes(block, marker));
}

function blockNodes(block, marker) {
  const nodes = [];
  let list;
  for (const line of block.split('\n')) {
    if (ITEM.test(line)) {
      if (list === undefined) nodes.push((list = el(/^\s*\d/.test(line) ? 'ol' : 'ul')));
      list.append(el('li', {}, ...inline(line.replace(ITEM, ''), marker)));
    } else {
      list = undefined;
      nodes.push(el('p', {}, ...inline(line.replace(/^#{1,6}\s+/, ''), marker)));
    }
  }
  return nodes;
}

function inline(text, marker) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, number, bold, code] = match;
    const before = text.slice(end, match.index);
    if (number !== undefined) addMarker(nodes, before, marker(Number(number)));
    else nodes.push(before, bold === undefined ? el('code', { text: code }) : el('strong', { text: bold }));
    end = match.index + whole.length;
  }
  nodes.push(text.slice(end));
  return nodes.filter((node) => node !== '');
}

/** A marker stays with the word or marker before it, so that it never stands alone at the start of a line. */
function addMarker(nodes, before, node) {
  if (node === undefined) return void nodes.push(before);
  const last = nodes.at(-1);
  if (before === '' && last?.className === 'together') return last.append(node);
  const word = /\S{1,24}\s?$/u.exec(before)?.[0] ?? '';
  nodes.push(before.slice(0, before.length - word.length), el('span', { class: 'together' }, word.replace(/\s$/, '\u202f'), node));
}
