import { hostname } from 'node:os';

/** Who holds a lease, in a way that other processes of the machine can check. */
export interface LeaseOwner {
  readonly host: string;
  readonly pid: number;
  /** Tells owners of one process, and of process ids that are used again, apart. */
  readonly instance: string;
}

/** The owners of this very process. */
const OWN_INSTANCES = new Set<string>();

/** A new owner in this process. */
export function newOwner(instance: string): LeaseOwner {
  OWN_INSTANCES.add(instance);
  return { host: hostname(), pid: process.pid, instance };
}

/** Whether an owner is known to be gone. Of another machine nothing is known. */
export function isGone(owner: LeaseOwner): boolean {
  if (owner.host !== hostname()) return false;
  // A container's service has the same process id after each start.
  if (owner.pid === process.pid) return !OWN_INSTANCES.has(owner.instance);
  try {
    process.kill(owner.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
