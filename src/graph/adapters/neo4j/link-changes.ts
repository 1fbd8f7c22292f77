import { GRAM, IN_TITLE, MENTION, RUN, TITLE } from '../../indexing/name-links.ts';
import type { ChangeScope } from './change-scope.ts';

/** The relationship of a kind of link. What an extraction gave is told in the packed links alone. */
export const RELATIONSHIPS: Readonly<Record<number, string>> = { [TITLE]: 'TITLE', [MENTION]: 'MENTION', [IN_TITLE]: 'IN_TITLE', [RUN]: 'RUN', [GRAM]: 'GRAM' };

const KINDS = 8;
const match = 'UNWIND $batch.rows AS row MATCH (c:Chunk) WHERE c.workspace = $workspace AND c.key = row.chunk\nUNWIND row.links AS link';
const CREATE = `${match} MATCH (n:Name) WHERE n.workspace = $workspace AND n.key = link[0]
UNWIND link[1] AS type CREATE (c)-[:$(type)]->(n)`;
const REMOVE = `${match} MATCH (c)-[l]->(n:Name) WHERE n.workspace = $workspace AND n.key = link[0] AND type(l) IN link[1] DELETE l`;

/** The relationships of a chunk to names, with their types. */
interface LinkRow {
  readonly chunk: number;
  readonly links: (readonly [name: number, types: string[]])[];
}

/** Relationships between chunks and names that come and go in a change; what comes and goes again is never written. */
export class LinkChanges {
  readonly #byChunk = new Map<number, Map<number, number>>();

  add(chunk: number, link: { readonly kind: number; readonly name: number }, sign: 1 | -1): void {
    const links = this.#byChunk.get(chunk) ?? new Map<number, number>();
    this.#byChunk.set(chunk, links);
    const id = link.name * KINDS + link.kind;
    links.set(id, (links.get(id) ?? 0) + sign);
  }

  /** The chunk goes, and its relationships with it. */
  drop(chunk: number): void {
    this.#byChunk.delete(chunk);
  }

  /** Writes them; chunks and names are there by then. */
  write(scope: ChangeScope): void {
    scope.send(REMOVE, this.#rows(-1));
    scope.send(CREATE, this.#rows(1));
  }

  #rows(sign: number): LinkRow[] {
    return [...this.#byChunk].flatMap(([chunk, nets]) => {
      const byName = new Map<number, string[]>();
      for (const [id, net] of nets) {
        const type = RELATIONSHIPS[id % KINDS];
        if (net !== sign || type === undefined) continue;
        const name = Math.floor(id / KINDS);
        const types = byName.get(name) ?? [];
        byName.set(name, types);
        types.push(type);
      }
      return byName.size === 0 ? [] : [{ chunk, links: [...byName] }];
    });
  }
}
