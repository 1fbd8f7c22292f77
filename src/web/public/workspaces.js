// Which workspace is in use, and making a new one.
import { call } from './api.js';
import { byId, el, problemCard, remembered } from './dom.js';

const NEW = '+new';
/** The service's own documentation; it is offered, but not what somebody with documents of their own wants first. */
const GUIDE = 'guide';

export class Workspaces {
  #all = [];
  #current;
  #switched;

  /** @param switched called with the workspace when another one is chosen */
  constructor(switched) {
    this.#switched = switched;
    byId('workspace').addEventListener('change', (event) => {
      if (event.target.value === NEW) this.#create();
      else this.#use(event.target.value);
    });
    byId('workspace-cancel').addEventListener('click', () => byId('new-workspace').close());
    byId('workspace-form').addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#submit();
    });
  }

  get slug() {
    return this.#current?.slug;
  }

  get current() {
    return this.#current;
  }

  /** Reads the list, and chooses: the one used last, else the fullest. */
  async load() {
    this.#all = (await call('workspaces')).workspaces;
    const last = remembered.get('workspace');
    const byWorth = this.#all.toSorted((a, b) => worth(b) - worth(a));
    this.#current = this.#all.find(({ slug }) => slug === last) ?? byWorth[0];
    this.#show();
    return this.#current;
  }

  /** Reads the counts anew. */
  async refresh() {
    const slug = this.slug;
    this.#all = (await call('workspaces')).workspaces;
    this.#current = this.#all.find((each) => each.slug === slug) ?? this.#current;
    return this.#current;
  }

  #show() {
    const options = this.#all.map(({ slug }) => el('option', { value: slug, text: slug, selected: slug === this.slug }));
    byId('workspace').replaceChildren(...options, el('option', { value: NEW, text: 'New workspace …' }));
    byId('workspace').value = this.slug ?? NEW;
    byId('workspace-field').hidden = false;
  }

  #use(slug) {
    this.#current = this.#all.find((each) => each.slug === slug);
    remembered.set('workspace', slug);
    this.#show();
    this.#switched(this.#current);
  }

  #create() {
    byId('workspace').value = this.slug ?? NEW;
    byId('workspace-problem').replaceChildren();
    byId('slug').value = '';
    byId('new-workspace').showModal();
  }

  async #submit() {
    try {
      const made = await call('workspaces', { method: 'POST', json: { slug: byId('slug').value.trim() } });
      this.#all = [...this.#all, made].toSorted((a, b) => a.slug.localeCompare(b.slug));
      byId('new-workspace').close();
      this.#use(made.slug);
    } catch (error) {
      byId('workspace-problem').replaceChildren(problemCard(error));
    }
  }
}

function worth({ slug, documents }) {
  return slug === GUIDE ? -1 : documents;
}
