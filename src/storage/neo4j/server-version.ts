import { StorageError } from '../storage.errors.ts';

/** The first version with everything that the statements use. */
const LEAST = { major: 5, minor: 26 };

/** @throws StorageError `store-version-unsupported` if a server that calls itself so is too old, or is no Neo4j */
export function checkServerVersion(agent: string): void {
  const [, major = '0', minor = '0'] = /^Neo4j\/v?(\d+)\.(\d+)/.exec(agent) ?? [];
  if (isAtLeast(Number(major), Number(minor))) return;
  throw new StorageError('store-version-unsupported', `The server at NEO4J_URI is ${agent === '' ? 'of an unknown kind' : agent}; Neo4j 5.26 or newer is needed.`, {
    remedy: 'Update Neo4j to 5.26 LTS or newer, or name another server in NEO4J_URI.',
  });
}

function isAtLeast(major: number, minor: number): boolean {
  return major > LEAST.major || (major === LEAST.major && minor >= LEAST.minor);
}
