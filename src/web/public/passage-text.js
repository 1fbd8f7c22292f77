// How passages and their places are told.
import { el } from './dom.js';

/** Where something stands: page, lines, speaker. */
export function placeOf({ page, lines, speaker }) {
  const parts = [];
  if (speaker !== undefined) parts.push(speaker);
  if (page !== undefined) parts.push(`page ${String(page)}`);
  if (lines !== undefined) parts.push(lines[0] === lines[1] ? `line ${String(lines[0])}` : `lines ${String(lines[0])}–${String(lines[1])}`);
  return parts.join(' · ');
}

/** The text with what stands between two offsets marked. */
export function markedText(text, start, end) {
  if (start < 0 || end > text.length || start >= end) return [text];
  return [text.slice(0, start), el('mark', { text: text.slice(start, end) }), text.slice(end)];
}

/** Looks up how a passage is called, by its chunk id: its title, and its place if another one found has the same title. */
export function titlesOf(passages) {
  const count = (title) => passages.filter((passage) => passage.title === title).length;
  const titles = new Map(passages.map((passage) => [passage.chunkId, count(passage.title) > 1 ? `${passage.title}, ${placeOf(passage)}` : passage.title]));
  return (chunkId) => titles.get(chunkId);
}

/**
 * Why a passage was found, as list items.
 * @param titleOf the title of a passage by its chunk id, if it is among those found
 */
export function reasonsOf(via, titleOf) {
  const reasons = [];
  if (via.lexical !== undefined) reasons.push(el('li', { text: `Its words: place ${String(via.lexical.rank)} of the text search.` }));
  if (via.dense !== undefined) reasons.push(el('li', { text: `Its meaning: place ${String(via.dense.rank)} of the vector search.` }));
  const { seeds = [], paths = [] } = via.graph ?? {};
  if (seeds.length > 0) reasons.push(el('li', {}, 'Names in the question: ', ...between(seeds.map((name) => el('span', { class: 'name', text: name })), ', ')));
  for (const [from, name, to] of paths.slice(0, 6)) {
    reasons.push(el('li', { class: 'path' }, step(titleOf(from)), ' – ', el('span', { class: 'name', text: name }), ' – ', step(titleOf(to))));
  }
  if (via.rerank !== undefined) reasons.push(el('li', { text: `Moved here by the model, from place ${String(via.rerank.from)}.` }));
  return reasons;
}

function step(title) {
  return title === undefined ? el('span', { class: 'quiet', text: 'another passage' }) : el('span', { text: title });
}

function between(nodes, separator) {
  return nodes.flatMap((node, i) => (i === 0 ? [node] : [separator, node]));
}

/** Milliseconds for people. */
export function duration(ms) {
  if (ms < 1000) return `${ms < 10 ? ms.toFixed(1) : String(Math.round(ms))} ms`;
  return `${(ms / 1000).toFixed(1)} s`;
}
