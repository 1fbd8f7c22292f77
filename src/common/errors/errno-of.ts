/**
 * The operating system's code of a failed call, e.g. `ENOENT`; nothing for other errors. Asks for the property and not for the class,
 * because errors of Node's own modules are of another realm inside a test or a vm context.
 */
export function errnoOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
