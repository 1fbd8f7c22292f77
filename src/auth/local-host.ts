const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** Whether a Host header names this machine itself. */
export function isLocalHost(host: string | undefined): boolean {
  return LOOPBACK.has((host ?? '').replace(/:\d+$/, '').toLowerCase());
}
