// One question with its answer, as it grows.
import { answerNodes } from './answer-text.js';
import { el, problemCard } from './dom.js';
import { duration, placeOf, reasonsOf } from './passage-text.js';

const MODES = {
  extractive: ['Extracted', 'No model wrote this: these are sentences of the documents.'],
  generated: ['Generated', 'A model wrote this from the passages below. Check the sources.'],
};

/** A question and its answer in the thread. */
export class Turn {
  #openSource;
  #passages = [];
  #citations = new Map();
  #text = '';
  #frame = 0;
  #answer = el('div', { class: 'answer' });
  #notices = el('div', { class: 'notices' });
  #more = el('div', { class: 'more' });
  #working = el('p', { class: 'working' }, el('span', { class: 'dots', 'aria-hidden': 'true' }), el('span', { text: 'Looking through the documents' }));

  /** @param openSource called with a citation or passage, the passages, and the element that asked */
  constructor(question, openSource) {
    this.#openSource = openSource;
    this.node = el('article', { class: 'turn', 'aria-busy': 'true' }, el('h3', { class: 'question', text: question }), this.#working, this.#notices, this.#answer, this.#more);
  }

  /** Takes an event of the stream. */
  take({ event, data }) {
    if (event === 'retrieval') {
      this.#passages = data.passages;
      this.#warn(data.warnings);
      this.#working.lastChild.textContent = `Reading ${String(data.passages.length)} passages`;
    } else if (event === 'token') {
      this.#text += data.text;
      this.#later();
    } else if (event === 'citation') {
      this.#citations.set(data.marker, data);
      this.#later();
    } else if (event === 'done') this.done(data);
  }

  /** The whole answer is there. */
  done(answer) {
    // Sentences of several documents are no paragraph.
    this.#text = answer.mode === 'extractive' ? answer.answer.replace(/(\[\d+\]) +/g, '$1\n\n') : answer.answer;
    this.#answer.classList.toggle('extract', answer.mode === 'extractive' && answer.citations.length > 0);
    this.#citations = new Map(answer.citations.map((citation) => [citation.marker, citation]));
    this.#warn(answer.warnings);
    this.#end();
    const tail = [this.#sources(answer), this.#facts(answer), this.#why()];
    this.#more.replaceChildren(...tail.filter((node) => node !== undefined));
  }

  fail(error, retry) {
    this.#end();
    this.#more.replaceChildren(problemCard(error, retry && { label: 'Try again', run: retry }));
  }

  stopped() {
    this.#end();
    this.#more.replaceChildren(el('p', { class: 'quiet small', text: 'You stopped this answer. It is not kept.' }));
  }

  /** What could not be used to find the passages; the answer stands all the same. */
  #warn(warnings = []) {
    this.#notices.replaceChildren(...warnings.map((text) => el('p', { class: 'notice small', role: 'note', text })));
  }

  #end() {
    window.cancelAnimationFrame(this.#frame);
    this.#working.remove();
    this.#show();
    this.node.removeAttribute('aria-busy');
  }

  /** Shows what has come, at most once a frame: tokens may come faster than a screen shows them. */
  #later() {
    window.cancelAnimationFrame(this.#frame);
    this.#frame = window.requestAnimationFrame(() => {
      this.#working.remove();
      this.#show();
    });
  }

  #show() {
    this.#answer.replaceChildren(...answerNodes(this.#text, (number) => this.#marker(number)));
  }

  #marker(number) {
    const citation = this.#citations.get(number);
    if (citation === undefined) return undefined;
    const place = placeOf(citation);
    const label = `Source ${String(number)}: ${citation.title}${place === '' ? '' : `, ${place}`}`;
    return el('button', { type: 'button', class: 'marker', 'aria-label': label, title: citation.title, text: number, data: { marker: number }, on: { click: (event) => this.#open(citation, event.currentTarget) } });
  }

  #open(citation, from) {
    this.#openSource(citation, this.#passages, from);
  }

  #sources({ citations }) {
    if (citations.length === 0) return undefined;
    const items = citations.map((citation) =>
      el(
        'li',
        {},
        el(
          'button',
          { type: 'button', class: 'source', on: { click: (event) => this.#open(citation, event.currentTarget) } },
          el('span', { class: 'number', text: citation.marker }),
          el('span', { class: 'source-text' }, el('span', { class: 'source-title', text: citation.title }), el('span', { class: 'quiet small clip', text: placeOf(citation) || citation.quote })),
        ),
      ),
    );
    return el('ol', { class: 'sources', 'aria-label': 'Sources' }, items);
  }

  #facts({ mode, timings = {}, usage }) {
    const [label, title] = MODES[mode] ?? [mode, ''];
    const facts = [el('span', { class: `mode ${mode}`, title, text: label })];
    if (timings.total !== undefined) facts.push(el('span', { text: duration(timings.total), title: Object.entries(timings).filter(([stage]) => stage !== 'counts').map(([stage, ms]) => `${stage} ${duration(ms)}`).join('\n') }));
    if (timings.retrieval !== undefined) facts.push(el('span', { class: 'wide-only', text: `${duration(timings.retrieval)} to find` }));
    if (usage?.completionTokens > 0) facts.push(el('span', { text: `${String(usage.promptTokens + usage.completionTokens)} tokens` }));
    return el('p', { class: 'facts small quiet' }, facts);
  }

  #why() {
    if (this.#passages.length === 0) return undefined;
    const items = this.#passages.map((passage) =>
      el(
        'li',
        {},
        el('button', { type: 'button', class: 'link', text: passage.title, on: { click: (event) => this.#openSource(passage, this.#passages, event.currentTarget) } }),
        el('span', { class: 'quiet small', text: ` ${placeOf(passage)}` }),
        el('ul', { class: 'reasons small' }, reasonsOf(passage.via, this.#passages)),
      ),
    );
    return el('details', { class: 'why' }, el('summary', { text: items.length === 1 ? 'Why this passage' : `Why these ${String(items.length)} passages` }), el('ol', {}, items));
  }
}
