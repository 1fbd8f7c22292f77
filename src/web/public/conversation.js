// The conversation: asks, shows the answer as it comes, and lists earlier conversations.
import { ApiError, call, errorOf, request, withQuery } from './api.js';
import { announce, byId, el, problemCard } from './dom.js';
import { eventsOf } from './event-stream.js';
import { Turn } from './turn.js';

export class Conversation {
  #workspace;
  #openSource;
  #sessionId;
  #running;
  #thread = byId('thread');
  #input = byId('question');

  /** @param workspace gives the slug of the workspace in use */
  constructor(workspace, openSource) {
    this.#workspace = workspace;
    this.#openSource = openSource;
    byId('ask').addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#submit();
    });
    byId('stop').addEventListener('click', () => this.stop());
    byId('new-chat').addEventListener('click', () => this.begin());
    this.#input.addEventListener('input', () => this.#fit());
    this.#input.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      void this.#submit();
    });
  }

  get busy() {
    return this.#running !== undefined;
  }

  /** Starts anew, with a word of welcome. */
  begin(welcome) {
    this.stop();
    this.#sessionId = undefined;
    this.#thread.replaceChildren(welcome ?? el('div', { class: 'welcome' }, el('h1', { text: 'Ask your documents' }), el('p', { class: 'quiet', text: 'Every part of an answer shows where it comes from.' })));
    this.#markCurrent();
    this.#input.focus();
  }

  /** Asks a question that stands ready somewhere on the page. */
  ask(question) {
    this.#input.value = question;
    void this.#submit();
  }

  stop() {
    this.#running?.abort();
  }

  async #submit() {
    const question = this.#input.value.trim();
    if (question === '' || this.busy) return;
    this.#input.value = '';
    this.#fit();
    this.#thread.querySelector('.welcome')?.remove();
    const turn = new Turn(question, this.#openSource);
    this.#thread.append(turn.node);
    turn.node.scrollIntoView({ block: 'start', behavior: 'smooth' });
    await this.#run(question, turn);
  }

  async #run(question, turn) {
    const running = new AbortController();
    this.#running = running;
    this.#showBusy(true);
    try {
      await this.#stream(question, turn, running.signal);
      announce('The answer is complete.');
      void this.list();
    } catch (error) {
      if (running.signal.aborted) turn.stopped();
      else turn.fail(error, () => this.#again(question, turn));
    } finally {
      if (this.#running === running) this.#running = undefined;
      this.#showBusy(this.busy);
    }
  }

  async #stream(question, turn, signal) {
    const json = { message: question, workspace: this.#workspace(), stream: true, ...(this.#sessionId === undefined ? {} : { sessionId: this.#sessionId }) };
    const response = await request('chat', { method: 'POST', json, signal, accept: 'text/event-stream' });
    for await (const event of eventsOf(response)) {
      if (event.event === 'error') throw errorOf(event.data);
      const follow = this.#atEnd();
      turn.take(event);
      if (follow) this.#thread.scrollTop = this.#thread.scrollHeight;
      if (event.event !== 'done') continue;
      this.#sessionId = event.data.sessionId;
      return;
    }
    throw new ApiError('The answer ended before it was complete.', { remedy: 'Ask again.' });
  }

  #again(question, turn) {
    if (this.busy) return;
    turn.node.remove();
    this.ask(question);
  }

  #atEnd() {
    return this.#thread.scrollHeight - this.#thread.scrollTop - this.#thread.clientHeight < 120;
  }

  #showBusy(busy) {
    byId('send').hidden = busy;
    byId('stop').hidden = !busy;
  }

  #fit() {
    this.#input.rows = 1;
    const lines = Math.ceil((this.#input.scrollHeight - 20) / 24);
    this.#input.rows = Math.min(8, Math.max(1, lines));
  }

  /** Shows the earlier conversations of the workspace, the latest first. */
  async list() {
    const target = byId('sessions');
    try {
      const { sessions } = await call(withQuery('sessions', { workspace: this.#workspace() }));
      const latest = sessions.toSorted((a, b) => b.updatedAt.localeCompare(a.updatedAt)).slice(0, 30);
      target.replaceChildren(...latest.map((session) => this.#item(session)));
      if (latest.length === 0) target.append(el('li', { class: 'quiet small', text: 'None yet.' }));
      this.#markCurrent();
    } catch (error) {
      target.replaceChildren(el('li', {}, problemCard(error)));
    }
  }

  #item({ id, title, updatedAt }) {
    const open = () => void this.#open(id);
    const remove = () => void this.#remove(id, title);
    return el(
      'li',
      { data: { session: id } },
      el('button', { type: 'button', class: 'entry', title: new Date(updatedAt).toLocaleString(), on: { click: open } }, el('span', { class: 'clip', text: title })),
      el('button', { type: 'button', class: 'icon small-icon', 'aria-label': `Delete the conversation “${title}”`, text: '×', on: { click: remove } }),
    );
  }

  #markCurrent() {
    for (const item of byId('sessions').querySelectorAll('[data-session]')) {
      const current = item.dataset.session === this.#sessionId;
      item.classList.toggle('current', current);
      item.firstChild.setAttribute('aria-current', String(current));
    }
  }

  async #open(id) {
    this.begin(el('p', { class: 'quiet welcome', text: 'Reading the conversation …' }));
    try {
      const { turns } = await call(withQuery(`sessions/${encodeURIComponent(id)}`, { workspace: this.#workspace() }));
      this.#sessionId = id;
      const nodes = turns.map(({ question, ...answer }) => {
        const turn = new Turn(question, this.#openSource);
        turn.done(answer);
        return turn.node;
      });
      this.#thread.replaceChildren(...nodes);
      nodes.at(-1)?.scrollIntoView({ block: 'start' });
    } catch (error) {
      this.#thread.replaceChildren(problemCard(error));
    }
    this.#markCurrent();
  }

  async #remove(id, title) {
    if (!window.confirm(`Delete the conversation “${title}”?`)) return;
    try {
      await call(withQuery(`sessions/${encodeURIComponent(id)}`, { workspace: this.#workspace() }), { method: 'DELETE' });
      if (id === this.#sessionId) this.begin();
    } catch (error) {
      this.#thread.append(problemCard(error));
    }
    await this.list();
  }
}
