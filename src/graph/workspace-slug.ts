import { GraphError } from './graph.errors.ts';

const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Whether it can be a workspace's name. */
export function isSlug(text: string): boolean {
  return SLUG.test(text);
}

/** @throws GraphError `workspace-name-invalid` for what cannot be a workspace's name */
export function checkSlug(slug: string): void {
  if (isSlug(slug)) return;
  throw new GraphError('workspace-name-invalid', `"${slug.slice(0, 80)}" cannot be a workspace's name.`, {
    remedy: 'Use 1 to 63 lower-case letters, digits and hyphens, starting with a letter or digit.',
  });
}
