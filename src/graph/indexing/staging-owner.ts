import { hostname } from 'node:os';

/** After this long what another machine staged is taken for left behind, in milliseconds. */
const FOREIGN_MS = 24 * 3_600_000;

/** Names the process that stages, in a way another process can check. */
export function ownerOf(host: string, pid: number, token: string): string {
  return JSON.stringify({ host, pid, token });
}

/**
 * Whether the process that staged something may still be at it. Of another machine only the age is known. A process id that is
 * taken again makes a dead owner look alive; then the age decides too.
 */
export function isOwnerAlive(owner: string, stagedAt: number, now: number): boolean {
  if (now - stagedAt > FOREIGN_MS) return false;
  const { host, pid } = JSON.parse(owner) as { host: string; pid: number };
  if (host !== hostname()) return true;
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
