// The panel beside the answer: the passage behind a citation, the quote in it, and why it was found.
import { request, withQuery } from './api.js';
import { byId, el, problemCard } from './dom.js';
import { markedText, placeOf, reasonsOf } from './passage-text.js';

/** Characters shown before and behind a quote whose passage is not at hand. */
const CONTEXT = 700;
/** Types that a browser shows without running anything of them. */
const SHOWN = new Map([
  ['application/pdf', 'application/pdf'],
  ['text/', 'text/plain;charset=utf-8'],
]);

export class SourcePanel {
  #workspace;
  #openedFrom;
  #shown = 0;

  /** @param workspace gives the slug of the workspace in use */
  constructor(workspace) {
    this.#workspace = workspace;
    byId('panel-close').addEventListener('click', () => this.close());
  }

  get isOpen() {
    return !byId('panel').hidden;
  }

  /**
   * Shows a source.
   * @param source a citation, or a passage that was found
   * @param passages those found for the question; of an old conversation there are none
   */
  open(source, passages, from) {
    this.#openedFrom = from;
    this.#shown += 1;
    document.body.classList.add('with-panel');
    byId('panel').hidden = false;
    const title = byId('panel-title');
    title.replaceChildren(source.marker === undefined ? '' : el('span', { class: 'number', text: source.marker }), source.title);
    const passage = passages.find((each) => each.chunkId === source.chunkId);
    const text = el('div', { class: 'passage', tabindex: '0', role: 'region', 'aria-label': 'Passage' });
    byId('panel-body').replaceChildren(el('p', { class: 'quiet', text: placeOf(source) }), text, this.#document(source), this.#reasons(passage, passages));
    if (passage === undefined) void this.#readAround(source, text, this.#shown);
    else showText(text, passage.text, source.quote === undefined ? [-1, -1] : [source.start - passage.start, source.end - passage.start]);
    title.focus({ preventScroll: true });
  }

  close() {
    if (!this.isOpen) return;
    byId('panel').hidden = true;
    document.body.classList.remove('with-panel');
    if (this.#openedFrom?.isConnected) this.#openedFrom.focus({ preventScroll: true });
  }

  async #readAround(source, target, shown) {
    target.textContent = 'Reading the document …';
    try {
      const path = withQuery(`documents/${encodeURIComponent(source.documentId)}/text`, { workspace: this.#workspace() });
      const text = await (await request(path, { accept: 'text/plain' })).text();
      if (shown !== this.#shown) return;
      const from = Math.max(0, source.start - CONTEXT);
      showText(target, text.slice(from, source.end + CONTEXT), [source.start - from, source.end - from]);
    } catch (error) {
      if (shown === this.#shown) target.replaceChildren(el('blockquote', {}, el('mark', { text: source.quote })), problemCard(error));
    }
  }

  #document(source) {
    const problem = el('div', {});
    const open = async () => {
      try {
        await this.#openOriginal(source);
        problem.replaceChildren();
      } catch (error) {
        problem.replaceChildren(problemCard(error));
      }
    };
    return el(
      'section',
      { class: 'origin' },
      el('p', { class: 'small' }, el('span', { class: 'quiet', text: 'From ' }), el('span', { class: 'file', text: source.externalId })),
      el('button', { type: 'button', class: 'link', text: 'Open the original', on: { click: () => void open() } }),
      problem,
    );
  }

  /** The original is asked for with the token, so it cannot be a plain link. What could run as a page is saved, not opened. */
  async #openOriginal({ documentId, externalId, page }) {
    const path = `documents/${encodeURIComponent(documentId)}`;
    const workspace = this.#workspace();
    const response = await request(withQuery(`${path}/original`, { workspace }), { accept: '*/*' });
    const bytes = await response.arrayBuffer();
    const type = response.headers.get('content-type') ?? '';
    const shownAs = [...SHOWN].find(([prefix]) => type.startsWith(prefix))?.[1];
    const made = URL.createObjectURL(new window.Blob([bytes], { type: shownAs ?? 'application/octet-stream' }));
    // Browsers open a PDF at the page of the fragment.
    const address = page !== undefined && shownAs === 'application/pdf' ? `${made}#page=${String(page)}` : made;
    const name = externalId.split('/').at(-1);
    const link = el('a', shownAs === undefined ? { href: address, download: name } : { href: address, target: '_blank', rel: 'noopener' });
    link.click();
    setTimeout(() => URL.revokeObjectURL(made), 60_000);
  }

  #reasons(passage, passages) {
    if (passage === undefined) return '';
    return el(
      'section',
      {},
      el('h3', { text: 'Why it was found' }),
      el('ul', { class: 'reasons' }, reasonsOf(passage.via, passages)),
      passage.entities.length > 0 && el('h3', { text: 'Names in it' }),
      passage.entities.length > 0 && el('p', { class: 'names' }, passage.entities.slice(0, 20).map((name) => el('span', { class: 'name', text: name }))),
    );
  }
}

function showText(target, text, [start, end]) {
  target.replaceChildren(...markedText(text, start, end));
  const mark = target.querySelector('mark');
  if (mark !== null) target.scrollTop = Math.max(0, mark.offsetTop - target.offsetTop - 60);
}
