import { scanLinks } from '../../indexing/name-links.ts';
import type { KnownPassage } from './known-passage.types.ts';

/** A passage near a question, with its packed links. */
export type NearLinks = Pick<KnownPassage, 'key' | 'document' | 'links'>;

/** More than there are kinds of links. */
const KINDS = 8;

/** Which of the passages near a question have a name, found in one pass over their own links: that costs the same however frequent a name is. */
export class NearLists {
  readonly #near: readonly NearLinks[];
  readonly #allowed: ReadonlySet<number> | undefined;
  /** By name and kind of link. */
  #index: Map<number, number[]> | undefined;

  /** @param allowed keys of documents; nothing for all */
  constructor(near: readonly NearLinks[], allowed: readonly number[] | undefined) {
    this.#near = near;
    this.#allowed = allowed === undefined ? undefined : new Set(allowed);
  }

  passagesWith(name: number, kind: number): readonly number[] {
    this.#index ??= this.#inverted();
    return this.#index.get(name * KINDS + kind) ?? [];
  }

  #inverted(): Map<number, number[]> {
    const index = new Map<number, number[]>();
    for (const { key, document, links } of this.#near) {
      if (this.#allowed?.has(document) === false) continue;
      scanLinks(links, (name, kind) => {
        const list = index.get(name * KINDS + kind);
        if (list === undefined) index.set(name * KINDS + kind, [key]);
        else list.push(key);
      });
    }
    return index;
  }
}
