// The documents of a workspace: list, upload, and the jobs that take them in.
import { ApiError, call, withQuery } from './api.js';
import { announce, byId, el, problemCard } from './dom.js';

const POLL_MS = 600;
/** Polls that may fail one after the other before the page gives up following a job. */
const PATIENCE = 10;
const ENDED = new Set(['completed', 'failed', 'cancelled']);

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class Documents {
  #workspace;
  #changed;
  #cursor;

  /** @param changed called when documents came or went */
  constructor(workspace, changed) {
    this.#workspace = workspace;
    this.#changed = changed;
    const files = byId('files');
    files.addEventListener('change', () => {
      const chosen = [...files.files];
      files.value = '';
      void this.upload(chosen);
    });
    byId('more-documents').addEventListener('click', () => void this.#page());
    this.#acceptDrops();
  }

  #acceptDrops() {
    const drop = byId('drop');
    const isFiles = (event) => event.dataTransfer?.types.includes('Files') === true;
    // The whole window takes files, so that one that misses the field does not replace the page.
    window.addEventListener('dragover', (event) => {
      if (!isFiles(event)) return;
      event.preventDefault();
      drop.classList.add('over');
    });
    window.addEventListener('dragleave', (event) => {
      if (event.relatedTarget === null) drop.classList.remove('over');
    });
    window.addEventListener('drop', (event) => {
      if (!isFiles(event)) return;
      event.preventDefault();
      drop.classList.remove('over');
      void this.upload([...event.dataTransfer.files]);
    });
  }

  /** Shows the first page of the list. */
  async list() {
    this.#cursor = undefined;
    await this.#page(true);
  }

  async #page(fresh = false) {
    const target = byId('documents');
    try {
      const workspace = this.#workspace();
      const { documents, nextCursor } = await call(withQuery('documents', { workspace, cursor: fresh ? undefined : this.#cursor }));
      if (workspace !== this.#workspace()) return;
      this.#cursor = nextCursor;
      if (fresh) target.replaceChildren();
      target.append(...documents.map((document) => this.#item(document)));
      if (target.childElementCount === 0) target.append(el('li', { class: 'quiet small', text: 'None yet. Add a file to begin.' }));
      byId('more-documents').hidden = nextCursor === undefined;
    } catch (error) {
      target.replaceChildren(el('li', {}, problemCard(error, { label: 'Try again', run: () => void this.list() })));
    }
  }

  #item({ id, title, externalId, chunks, status }) {
    const remove = () => void this.#remove(id, title);
    return el(
      'li',
      { title: externalId },
      el('span', { class: 'document' }, el('span', { class: 'clip', text: title }), el('span', { class: 'quiet small', text: status === 'ready' ? `${String(chunks)} ${chunks === 1 ? 'passage' : 'passages'}` : status })),
      el('button', { type: 'button', class: 'icon small-icon', 'aria-label': `Delete “${title}”`, text: '×', on: { click: remove } }),
    );
  }

  async #remove(id, title) {
    if (!window.confirm(`Delete “${title}” and all that is known from it?`)) return;
    try {
      await call(withQuery(`documents/${encodeURIComponent(id)}`, { workspace: this.#workspace() }), { method: 'DELETE' });
    } catch (error) {
      byId('jobs').append(problemCard(error));
    }
    await this.#refresh();
  }

  async #refresh() {
    await this.list();
    this.#changed();
  }

  /** Sends files, and follows the job that takes them in. */
  async upload(files) {
    if (files.length === 0) return;
    const name = files.length === 1 ? files[0].name : `${String(files.length)} files`;
    const progress = el('progress', { max: '1', 'aria-label': `Progress of ${name}` });
    const state = el('span', { class: 'quiet small', text: 'Sending' });
    const card = el('div', { class: 'job' }, el('p', { class: 'row' }, el('span', { class: 'clip', text: name }), state), progress);
    byId('jobs').prepend(card);
    try {
      const body = new FormData();
      // Before the files: the service reads the parts in order.
      body.append('workspace', this.#workspace());
      for (const file of files) body.append('files', file, file.name);
      const { jobId } = await call('documents', { method: 'POST', body });
      this.#ended(card, await this.#follow(jobId, progress, state), name);
    } catch (error) {
      card.replaceWith(dismissable(problemCard(error)));
    }
    await this.#refresh();
  }

  async #follow(jobId, progress, state) {
    let failures = 0;
    for (;;) {
      try {
        const job = await call(`jobs/${encodeURIComponent(jobId)}`);
        failures = 0;
        if (ENDED.has(job.state)) return job;
        const { done = 0, total = 0 } = job.progress ?? {};
        if (total > 0) progress.value = done / total;
        state.textContent = job.state === 'queued' ? 'Waiting' : total > 0 ? `${String(Math.floor((100 * done) / total))} %` : 'Reading';
      } catch (error) {
        failures += 1;
        if (failures > PATIENCE || (error instanceof ApiError && error.status === 404)) throw error;
      }
      await wait(POLL_MS);
    }
  }

  #ended(card, job, name) {
    const { added = 0, updated = 0, unchanged = 0, failed = 0 } = job.counts ?? {};
    const told = [
      [added, 'added'],
      [updated, 'updated'],
      [unchanged, 'unchanged'],
      [failed, 'failed'],
    ].filter(([count]) => count > 0);
    const text = told.map(([count, what]) => `${String(count)} ${what}`).join(', ') || job.state;
    announce(`${name}: ${text}`);
    const faults = (job.errors ?? []).slice(0, 20).map((fault) => faultCard(fault));
    const done = el('div', { class: `job ${faults.length === 0 ? job.state : 'with-faults'}` }, el('p', { class: 'row' }, el('span', { class: 'clip', text: name }), el('span', { class: 'small', text })), ...faults);
    card.replaceWith(dismissable(done));
    if (faults.length === 0) setTimeout(() => done.remove(), 8000);
  }
}

/** What went wrong with one file. */
function faultCard(fault) {
  return el('div', { class: 'problem' }, el('p', { class: 'problem-detail', text: fault.source ?? 'A file could not be read' }), el('p', { text: fault.message ?? fault.detail ?? fault }));
}

function dismissable(node) {
  node.prepend(el('button', { type: 'button', class: 'icon small-icon dismiss', 'aria-label': 'Dismiss', text: '×', on: { click: () => node.remove() } }));
  return node;
}
