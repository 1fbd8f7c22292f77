import { contentHash } from '../common/hash/content-hash.ts';

/** Whose records or blobs a call is about: one workspace, by its uid, or the service itself. There is no default. */
export type Scope = { readonly kind: 'system' } | { readonly kind: 'workspace'; readonly uid: string };

/** The scope of the service itself. */
export const SYSTEM_SCOPE: Scope = { kind: 'system' };

/** The scope of one workspace. */
export function workspaceScope(workspace: { readonly uid: string }): Scope {
  return { kind: 'workspace', uid: workspace.uid };
}

/**
 * A scope as one word of `[a-z0-9-]`, another for each scope: for keys, and for folders on file systems that do not tell `A` from
 * `a` or that refuse some characters.
 */
export function scopeName(scope: Scope): string {
  if (scope.kind === 'system') return 'system';
  return /^[a-z0-9-]{1,64}$/.test(scope.uid) ? `w-${scope.uid}` : `h-${contentHash(scope.uid)}`;
}

/** Anything JSON can hold. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** A record as it was read. */
export interface StoredRecord {
  readonly key: string;
  readonly value: JsonValue;
  /** Rises with every write of the key; at least 1. */
  readonly version: number;
}

/** One step of a transaction. */
export type RecordOperation =
  | { readonly kind: 'put'; readonly key: string; readonly value: JsonValue; readonly ifVersion?: number; readonly ttlMs?: number }
  | { readonly kind: 'delete'; readonly key: string; readonly ifVersion?: number };
