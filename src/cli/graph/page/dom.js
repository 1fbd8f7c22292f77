/** An element with its class, text or children; texts never become markup. */
export function element(tag, { className, text, children = [], ...rest } = {}) {
  const made = document.createElement(tag);
  if (className !== undefined) made.className = className;
  if (text !== undefined) made.textContent = text;
  for (const [name, value] of Object.entries(rest)) {
    if (typeof value === 'function') made.addEventListener(name, value);
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

export const byId = (id) => document.getElementById(id);
export const number = (value) => value.toLocaleString('en');
export const plural = (count, one, many) => `${number(count)} ${count === 1 ? one : many}`;
