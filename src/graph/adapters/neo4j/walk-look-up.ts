import type { WorkspaceRef } from '../../graph.types.ts';
import type { HopQuery, NamesQuery } from '../../knowledge-graph.port.ts';
import { type FoundNames, type HopColumns, LINK_MENTION, LINK_OWN_TITLE } from '../../retrieval-columns.types.ts';
import { GRAM, linksOfInts, MENTION, type NameLink, scanLinks, TITLE } from '../../indexing/name-links.ts';
import { ragged } from '../../ragged-column.ts';
import { allowedDocuments } from './allowed-documents.ts';
import type { KnownPassage } from './known-passage.types.ts';
import { foundNames, type KnownName, nameColumns } from './name-look-up.ts';
import { NearLists } from './near-lists.ts';
import type { Neo4jGraph } from './neo4j-graph.service.ts';
import { passageRequest } from './passage-rows.ts';
import { type AllowedDocuments, RunMemory, Told } from './run-memory.ts';
import { stemHits } from './term-counting.ts';
import { HOP, NAMES, type WalkRow, type WalkStatement } from './walk-statements.ts';
import { storedNorm } from './workspace-names.ts';

const LEADING: ReadonlySet<number> = new Set([TITLE, MENTION, GRAM]);

/** What is asked of the store; nothing is asked if all of it is known. */
interface WalkQuestion {
  readonly statement: WalkStatement;
  readonly passages: readonly number[];
  readonly parameters: Readonly<Record<string, readonly (string | number)[]>>;
}

/** What a look-up goes by. */
interface Scope {
  readonly allowed: AllowedDocuments | undefined;
  /** Under a filter a name leads to fewer passages, so what others know of it is of no use. */
  readonly names: Told<number, KnownName | null>;
}

/** One question's look-ups of the walk: each is at most one statement. */
export class WalkLookUp {
  readonly #graph: Neo4jGraph;
  readonly #workspace: WorkspaceRef;
  readonly #memory: RunMemory;
  readonly #signal: AbortSignal | undefined;

  constructor(graph: Neo4jGraph, workspace: WorkspaceRef, { memory, signal }: { readonly memory: RunMemory | undefined; readonly signal: AbortSignal | undefined }) {
    this.#graph = graph;
    this.#workspace = workspace;
    this.#memory = memory ?? new RunMemory();
    this.#signal = signal;
  }

  /** Those of the n-grams that are names, in the order asked. */
  async namesIn(query: NamesQuery): Promise<FoundNames> {
    const norms = [...new Set(query.ngrams.map(storedNorm))];
    const scope = await this.#scope(query);
    const known = (norm: string): KnownName | null | undefined => this.#nameOf(norm, scope);
    const missing = norms.filter((norm) => known(norm) === undefined);
    const row = await this.#ask({ statement: NAMES, passages: query.near, parameters: { norms: missing } }, scope);
    if (row !== undefined) this.#rememberNorms(missing, row);
    const names = norms.flatMap((norm) => known(norm) ?? []);
    return { passageCount: this.#passageCount(), names: this.#columns(names, query.near, scope) };
  }

  /** The names of the beam's passages, and where they lead. */
  async hop(query: HopQuery): Promise<HopColumns> {
    const scope = await this.#scope(query);
    const { passages } = this.#memory;
    const unread = query.beam.filter((key) => passages.get(key) === undefined);
    const linked = namesLinked(query.beam.flatMap((key) => passages.get(key) ?? []));
    const missing = linked.filter((key) => scope.names.get(key) === undefined);
    await this.#ask({ statement: HOP, passages: [...query.near, ...query.beam], parameters: { names: missing, beam: unread } }, scope);
    const beam = query.beam.map((key) => passages.get(key));
    const links = beam.map((passage) => leadingLinks(passage, scope.names));
    const keys = [...new Set(links.flat().map(({ name }) => name))].sort((a, b) => a - b);
    const names = keys.flatMap((key) => scope.names.get(key) ?? []);
    return {
      passageCount: this.#passageCount(),
      names: this.#columns(names, query.near, scope),
      ...linkColumns(links, new Map(names.map(({ key }, i) => [key, i]))),
      stemHits: stemHits(beam.map((passage) => passage?.terms), query.stems, this.#memory.stems),
    };
  }

  async #scope({ filter }: Pick<HopQuery, 'filter'>): Promise<Scope> {
    const allowed = await allowedDocuments(this.#graph, this.#workspace, { filter, memory: this.#memory, signal: this.#signal });
    return { allowed, names: allowed === undefined ? this.#memory.names : new Told() };
  }

  /** Nothing if it is not known, `null` if there is no such name that leads anywhere. */
  #nameOf(norm: string, { names }: Scope): KnownName | null | undefined {
    const key = this.#memory.norms.get(norm);
    if (key === 0) return null;
    return key === undefined ? undefined : names.get(key);
  }

  #rememberNorms(norms: readonly string[], { version, names }: WalkRow): void {
    const keys = new Map(names.map(([key, norm]) => [norm, key]));
    for (const norm of norms) this.#memory.norms.set(norm, keys.get(norm) ?? 0, this.#memory.keeps(version));
  }

  /** Asks for what is not known and puts it down; gives what was told, if anything had to be asked. */
  async #ask({ statement, passages, parameters }: WalkQuestion, { allowed, names }: Scope): Promise<WalkRow | undefined> {
    const memory = this.#memory;
    const request = passageRequest(this.#workspace, passages, memory);
    const missing = [...Object.values(parameters), request.parameters.passages];
    if (memory.passageCount !== undefined && missing.every(({ length }) => length === 0)) return undefined;
    const all = { ...parameters, ...request.parameters };
    const row = await (allowed === undefined
      ? this.#graph.look<WalkRow>(this.#workspace, statement.all, all, this.#signal)
      : this.#graph.look<WalkRow>(this.#workspace, statement.filtered, { ...all, allowed: allowed.keys }, this.#signal));
    memory.passageCount ??= row.passages;
    request.remember(row);
    const found = foundNames(row, row.passages);
    for (const key of row.asked) names.set(key, found.get(key) ?? null, memory.keeps(row.version));
    return row;
  }

  #columns(names: readonly KnownName[], near: readonly number[], { allowed }: Scope): FoundNames['names'] {
    for (const { ties } of names) this.#memory.setTies(ties);
    return nameColumns(names, this.#nearLists(near, allowed));
  }

  #nearLists(near: readonly number[], allowed: AllowedDocuments | undefined): NearLists {
    const known = this.#memory.near.get(near);
    const lists = known ?? new NearLists(near.flatMap((key) => this.#memory.passages.get(key) ?? []), allowed?.keys);
    this.#memory.near.set(near, lists);
    return lists;
  }

  #passageCount(): number {
    return this.#memory.passageCount ?? 0;
  }
}

/** The names that passages lead to. */
function namesLinked(passages: readonly KnownPassage[]): number[] {
  const names = new Set<number>();
  for (const { links } of passages) {
    scanLinks(links, (name, kind) => {
      if (LEADING.has(kind)) names.add(name);
    });
  }
  return [...names];
}

/** An n-gram leads over its own links; one that is a name by other right over its mentions. */
function leadingLinks(passage: KnownPassage | undefined, names: Told<number, KnownName | null>): NameLink[] {
  if (passage === undefined) return [];
  return linksOfInts(passage.links).filter(({ kind, name }) => {
    if (!LEADING.has(kind)) return false;
    const known = names.get(name);
    return known?.leads === true && (kind === GRAM) === known.isGram;
  });
}

function linkColumns(links: readonly (readonly NameLink[])[], rowOf: ReadonlyMap<number, number>): Pick<HopColumns, 'links' | 'linkKinds' | 'linkSentences'> {
  const flat = links.flat();
  return {
    links: ragged(links.map((list) => list.map((link) => rowOf.get(link.name) ?? 0))),
    linkKinds: Uint8Array.from(flat, (link) => (link.kind === TITLE ? LINK_OWN_TITLE : LINK_MENTION)),
    linkSentences: ragged(flat.map((link) => link.sentences)),
  };
}
