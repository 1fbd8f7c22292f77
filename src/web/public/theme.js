// Runs before the first paint, so that the page does not flash in the other theme.
(() => {
  const KEY = 'graphrag-chat:theme';
  const root = document.documentElement;
  const isDark = () => (root.dataset.theme ?? (window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
  try {
    const chosen = localStorage.getItem(KEY);
    if (chosen === 'dark' || chosen === 'light') root.dataset.theme = chosen;
  } catch {
    // A browser that keeps nothing shows what its system prefers.
  }
  window.addEventListener('DOMContentLoaded', () => {
    document.getElementById('theme').addEventListener('click', () => {
      root.dataset.theme = isDark() ? 'light' : 'dark';
      try {
        localStorage.setItem(KEY, root.dataset.theme);
      } catch {
        // Then the choice lasts as long as the page.
      }
    });
  });
})();
