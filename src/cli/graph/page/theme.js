import { byId } from './dom.js';

const root = document.documentElement;
const watchers = [];

root.dataset.theme = window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';

/** A colour of the theme in effect. */
export const colour = (name) => window.getComputedStyle(root).getPropertyValue(`--${name}`).trim();
/** Calls back after each change of the theme. */
export const onTheme = (work) => watchers.push(work);

byId('theme').addEventListener('click', () => {
  root.dataset.theme = root.dataset.theme === 'dark' ? 'light' : 'dark';
  for (const work of watchers) work();
});
