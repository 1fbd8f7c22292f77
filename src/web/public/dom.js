// The only place that makes elements. Text goes in as text nodes, so nothing that a document or a model says can become markup.

/** An element of the page by its id. */
export const byId = (id) => document.getElementById(id);

/**
 * Makes an element. Properties: `class`, `text`, `on` (listeners by event), `data` (data attributes); everything else is an
 * attribute, where `true` is an empty one and `false` or nothing leaves it out. Children are nodes or strings.
 */
export function el(name, { class: className, text, on = {}, data = {}, ...attributes } = {}, ...children) {
  const node = document.createElement(name);
  if (className) node.className = className;
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    node.setAttribute(key, value === true ? '' : String(value));
  }
  for (const [key, value] of Object.entries(data)) node.dataset[key] = String(value);
  for (const [event, listener] of Object.entries(on)) node.addEventListener(event, listener);
  if (text !== undefined) node.append(String(text));
  node.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return node;
}

/** A problem as the server tells it, for people: what happened, and what can be done about it. */
export function problemCard(error, action) {
  const remedy = error.remedy ?? error.problem?.remedy;
  const id = error.problem?.requestId;
  return el(
    'div',
    { class: 'problem', role: 'alert' },
    el('p', { class: 'problem-detail', text: error.message }),
    remedy && el('p', { text: remedy }),
    (id || action) && el('p', { class: 'row small quiet' }, action && el('button', { type: 'button', class: 'link', text: action.label, on: { click: action.run } }), id && el('span', { text: `Request ${id}` })),
  );
}

/** Says something to screen readers only. */
export function announce(text) {
  byId('status').textContent = text;
}

/** Local storage that may be switched off. */
export const remembered = {
  get(key) {
    try {
      return localStorage.getItem(`graphrag-chat:${key}`);
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(`graphrag-chat:${key}`, value);
    } catch {
      // Then it is asked again next time.
    }
  },
};
