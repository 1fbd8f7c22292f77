import { GRAM, IN_TITLE, MENTION, RUN, TITLE } from '../../indexing/name-links.ts';
import type { ChangeScope } from './change-scope.ts';

/** The relationship of a kind of link. What an extraction gave is told in the packed links alone. */
export const RELATIONSHIPS: Readonly<Record<number, string>> = { [TITLE]: 'TITLE', [MENTION]: 'MENTION', [IN_TITLE]: 'IN_TITLE', [RUN]: 'RUN', [GRAM]: 'GRAM' };

const KINDS = 8;
const match = 'UNWIND $rows AS row MATCH (c:Chunk) WHERE c.workspace = $workspace AND c.key = row.chunk\nUNWIND row.names AS key';
const create = (type: string): string => `${match} MATCH (n:Name) WHERE n.workspace = $workspace AND n.key = key CREATE (c)-[:${type}]->(n)`;
const remove = (type: string): string => `${match} MATCH (c)-[l:${type}]->(n:Name) WHERE n.workspace = $workspace AND n.key = key DELETE l`;

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
    for (const [kind, type] of Object.entries(RELATIONSHIPS)) {
      scope.send(remove(type), this.#rows(Number(kind), -1));
      scope.send(create(type), this.#rows(Number(kind), 1));
    }
  }

  #rows(kind: number, sign: number): { readonly chunk: number; readonly names: number[] }[] {
    return [...this.#byChunk].flatMap(([chunk, links]) => {
      const names = [...links].filter(([id, net]) => net === sign && id % KINDS === kind).map(([id]) => Math.floor(id / KINDS));
      return names.length === 0 ? [] : [{ chunk, names }];
    });
  }
}
