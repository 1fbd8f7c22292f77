// Puts the page together: signs in, then shows the workspace.
import { whenSignedOut } from './api.js';
import { Conversation } from './conversation.js';
import { credentials } from './credentials.js';
import { Documents } from './documents.js';
import { byId, el, problemCard } from './dom.js';
import { SourcePanel } from './source-panel.js';
import { Workspaces } from './workspaces.js';

const EXAMPLES = ['What does graphrag-chat need to run?', 'How do I point it at a model of my own?', 'Which kinds of files does it read?'];

const slug = () => workspaces.slug;
const panel = new SourcePanel(slug);
const conversation = new Conversation(slug, (source, passages, from) => panel.open(source, passages, from));
const documents = new Documents(slug, () => void countDocuments());
const workspaces = new Workspaces(show);

/** Shows a workspace; with none, asks for one. */
function show(workspace) {
  panel.close();
  closeSide();
  conversation.begin(welcome(workspace));
  byId('documents-count').textContent = workspace === undefined ? '' : String(workspace.documents);
  if (workspace === undefined) return;
  void documents.list();
  void conversation.list();
}

function welcome(workspace) {
  const children = [el('h1', { text: 'Ask your documents' }), el('p', { class: 'quiet', text: describe(workspace) })];
  if (workspace?.slug === 'guide') {
    children.push(el('ul', { class: 'examples' }, EXAMPLES.map((text) => el('li', {}, el('button', { type: 'button', text, on: { click: () => conversation.ask(text) } })))));
  }
  return el('div', { class: 'welcome' }, children);
}

function describe(workspace) {
  if (workspace === undefined) return 'There is no workspace yet. Make one above, then add documents.';
  if (workspace.slug === 'guide') return 'This workspace holds the documentation of the service itself. Choose or make another above for documents of your own.';
  if (workspace.documents === 0) return 'This workspace is empty. Add documents, then ask.';
  const [many, passages] = [workspace.documents.toLocaleString('en'), workspace.chunks.toLocaleString('en')];
  return `${many} ${workspace.documents === 1 ? 'document' : 'documents'}, ${passages} passages. Every part of an answer shows where it comes from.`;
}

async function countDocuments() {
  const workspace = await workspaces.refresh().catch(() => undefined);
  if (workspace === undefined) return;
  byId('documents-count').textContent = String(workspace.documents);
  document.querySelector('.welcome .quiet')?.replaceChildren(describe(workspace));
}

function showSignIn(error) {
  credentials.forget();
  conversation.stop();
  byId('app').hidden = true;
  byId('menu').hidden = true;
  byId('workspace-field').hidden = true;
  byId('sign-out').hidden = true;
  byId('sign-in').hidden = false;
  byId('key-problem').replaceChildren(...(error === undefined ? [] : [problemCard(error)]));
  byId('key').focus();
}

async function enter() {
  try {
    const workspace = await workspaces.load();
    byId('sign-in').hidden = true;
    byId('app').hidden = false;
    byId('menu').hidden = false;
    byId('sign-out').hidden = !credentials.present;
    show(workspace);
  } catch (error) {
    // Without credentials a refusal only means that some are needed.
    if (error.status === 401) showSignIn(credentials.present ? error : undefined);
    else byId('sign-in').replaceChildren(el('div', { class: 'card' }, problemCard(error, { label: 'Try again', run: () => location.reload() })));
    byId('sign-in').hidden = false;
  }
}

function closeSide() {
  document.body.classList.remove('with-side');
  byId('scrim').hidden = true;
  byId('menu').setAttribute('aria-expanded', 'false');
}

function openSide() {
  document.body.classList.add('with-side');
  byId('scrim').hidden = false;
  byId('menu').setAttribute('aria-expanded', 'true');
  byId('side').querySelector('button, input').focus();
}

function wire() {
  whenSignedOut((error) => {
    if (!byId('app').hidden) showSignIn(error);
  });
  byId('key-form').addEventListener('submit', async (event) => {
    event.preventDefault();
    const key = byId('key').value.trim();
    byId('key').value = '';
    try {
      await credentials.fromKey(key);
      await enter();
    } catch (error) {
      showSignIn(error.status === 401 ? Object.assign(new Error('This key is not known here.'), { remedy: 'Check that all of it was copied. Whoever runs the service can make another.' }) : error);
    }
  });
  byId('sign-out').addEventListener('click', () => showSignIn());
  byId('menu').addEventListener('click', () => (document.body.classList.contains('with-side') ? closeSide() : openSide()));
  byId('scrim').addEventListener('click', closeSide);
  byId('sessions').addEventListener('click', closeSide);
  byId('new-chat').addEventListener('click', closeSide);
  document.addEventListener('keydown', onKey);
}

function onKey(event) {
  if (event.key === 'Escape' && !byId('new-workspace').open) {
    if (panel.isOpen) panel.close();
    else if (document.body.classList.contains('with-side')) closeSide();
    else conversation.stop();
  }
  const typing = event.target instanceof HTMLElement && event.target.matches('input, textarea, select');
  if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  byId('question').focus();
}

wire();
try {
  await credentials.fromAddress();
  await enter();
} catch (error) {
  showSignIn(error);
}
