import { type Scope, scopeName } from '../storage/storage.types.ts';
import type { CacheStore } from './cache-store.port.ts';

const MAX_KEYS = 10_000;

/**
 * What a tier should have forgotten while it was away. Until it has, its old values must not be believed.
 */
export class ForgetDebts {
  readonly #keys = new Map<string, { readonly scope: Scope; readonly key: string }>();
  readonly #scopes = new Map<string, Scope>();

  get empty(): boolean {
    return this.#keys.size === 0 && this.#scopes.size === 0;
  }

  owes(scope: Scope, key: string): boolean {
    if (this.empty) return false;
    return this.#scopes.has(scopeName(scope)) || this.#keys.has(nameOf(scope, key));
  }

  addKey(scope: Scope, key: string): void {
    if (this.#scopes.has(scopeName(scope))) return;
    this.#keys.set(nameOf(scope, key), { scope, key });
    if (this.#keys.size <= MAX_KEYS) return;
    // Too many to remember one by one: then whole scopes are forgotten.
    for (const owed of this.#keys.values()) this.#scopes.set(scopeName(owed.scope), owed.scope);
    this.#keys.clear();
  }

  addScope(scope: Scope): void {
    this.#scopes.set(scopeName(scope), scope);
  }

  /**
   * Makes the tier forget what it owes; what it has forgotten is owed no longer, even when a later step fails.
   * @throws CacheError when the tier is still away
   */
  async settle(store: CacheStore): Promise<void> {
    for (const [name, scope] of this.#scopes) {
      await store.clear(scope);
      this.#scopes.delete(name);
    }
    for (const [name, { scope, key }] of this.#keys) {
      await store.delete(scope, key);
      this.#keys.delete(name);
    }
  }
}

function nameOf(scope: Scope, key: string): string {
  return `${scopeName(scope)}/${key}`;
}
