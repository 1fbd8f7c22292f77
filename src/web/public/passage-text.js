// How passages and their places are told.
import { el } from './dom.js';

/** Where something stands: speaker, time, page, rows or lines. */
export function placeOf({ page, rows, lines, speaker, timeSeconds }) {
  const parts = [];
  if (speaker !== undefined) parts.push(speaker);
  if (timeSeconds !== undefined) parts.push(clockTime(timeSeconds));
  if (page !== undefined) parts.push(`page ${String(page)}`);
  if (rows !== undefined) parts.push(range('row', rows));
  else if (lines !== undefined) parts.push(range('line', lines));
  return parts.join(' · ');
}

function range(unit, [first, last]) {
  return first === last ? `${unit} ${String(first)}` : `${unit}s ${String(first)}–${String(last)}`;
}

function clockTime(seconds) {
  const two = (value) => String(Math.floor(value)).padStart(2, '0');
  return `${String(Math.floor(seconds / 3600))}:${two((seconds % 3600) / 60)}:${two(seconds % 60)}`;
}

/** The text with what stands between two offsets marked. */
export function markedText(text, start, end) {
  if (start < 0 || end > text.length || start >= end) return [text];
  return [text.slice(0, start), el('mark', { text: text.slice(start, end) }), text.slice(end)];
}

/**
 * Why a passage was found, as list items.
 * @param passages those found with it, for how names are written and to tell chunks of one title apart
 */
export function reasonsOf(via, passages) {
  const reasons = [];
  if (via.lexical !== undefined) reasons.push(el('li', { text: `Its words: place ${String(via.lexical.rank)} of the text search.` }));
  if (via.dense !== undefined) reasons.push(el('li', { text: `Its meaning: place ${String(via.dense.rank)} of the vector search.` }));
  const { seeds = [], paths = [], start = [], titles = {} } = via.graph ?? {};
  const written = writer(Object.values(titles), passages);
  if (seeds.length > 0) reasons.push(el('li', {}, 'Names in the question: ', ...between(seeds.map((name) => el('span', { class: 'name', text: written(name) })), ', ')));
  if (paths.length > 0) reasons.push(el('li', {}, walkOf(start, paths, { written, titleOf: titlesOf(titles, passages) })));
  if (via.rerank !== undefined) reasons.push(el('li', { text: `Moved here by the model, from place ${String(via.rerank.from)}.` }));
  return reasons;
}

/** The way of the walk to a passage: names asked, then passages, with the names that join them between. */
function walkOf(start, paths, { written, titleOf }) {
  const stops = [paths[0][0], ...paths.map(([, , to]) => to)];
  const asked = start.map((name) => el('li', { class: 'asked', text: `“${written(name)}”` }));
  const rest = stops.flatMap((chunkId, i) => [
    i > 0 && el('li', { class: 'over', text: written(paths[i - 1][1]) }),
    el('li', { class: 'stop', text: titleOf(chunkId, stops) ?? 'another passage' }),
  ]);
  return el('ol', { class: 'walk', 'aria-label': 'The way here' }, asked, rest.filter((node) => node !== false));
}

/** Looks up how a passage on a way is called: its title, and its place if another one on the way has the same title. */
function titlesOf(titles, passages) {
  return (chunkId, stops) => {
    const title = titles[chunkId];
    const alike = stops.some((other) => other !== chunkId && titles[other] === title);
    const passage = passages.find((each) => each.chunkId === chunkId);
    return alike && passage !== undefined ? `${title}, ${placeOf(passage)}` : title;
  };
}

/** The text without marks over its letters; offsets stay. */
function folded(text) {
  return text.normalize('NFC').replace(/[^\0-\x7f]/g, (letter) => {
    const bare = letter.normalize('NFKD').replace(/\p{M}/gu, '');
    return bare.length === 1 ? bare : letter;
  });
}

/** Writes a name, which comes in lower case, as the titles or the passages do. */
function writer(titles, passages) {
  const texts = [...titles, ...passages.map(({ title }) => title), ...passages.map(({ text }) => text)];
  return (name) => {
    const parts = name.split(' ').map((word) => word.replace(/[^\p{L}\p{N}]/gu, '\\$&'));
    const pattern = new RegExp(`(?<![\\p{L}\\p{N}])${parts.join('[^\\p{L}\\p{N}]{1,3}')}(?![\\p{L}\\p{N}])`, 'giu');
    for (const text of texts) {
      for (const { 0: match, index } of folded(text).matchAll(pattern)) {
        const found = text.normalize('NFC').slice(index, index + match.length);
        if (found !== found.toLowerCase()) return found;
      }
    }
    return name;
  };
}

function between(nodes, separator) {
  return nodes.flatMap((node, i) => (i === 0 ? [node] : [separator, node]));
}

/** Milliseconds for people. */
export function duration(ms) {
  if (ms < 1000) return `${ms < 10 ? ms.toFixed(1) : String(Math.round(ms))} ms`;
  return `${(ms / 1000).toFixed(1)} s`;
}
