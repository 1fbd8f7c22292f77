import type { GraphPicture, PassageFilter, PassageKey, RelationFact, WorkspaceRef } from './graph.types.ts';
import type { FoundNames, HopColumns, NearPassages } from './retrieval-columns.types.ts';

/** Which names a question could mean. */
export interface NamesQuery {
  /** Normalised. */
  readonly ngrams: readonly string[];
  /** What long lists are cut to. */
  readonly near: NearPassages;
  readonly filter?: PassageFilter;
}

/** One hop of the walk. */
export interface HopQuery {
  /** The passages to start from, at most a few tens. */
  readonly beam: readonly PassageKey[];
  /** Stems of the question, distinct: their places in the beam's passages come with the names. */
  readonly stems: readonly string[];
  /** What long lists are cut to. */
  readonly near: NearPassages;
  /** No target outside it. */
  readonly filter?: PassageFilter;
}

/** Which relations are wanted. */
export interface RelationsQuery {
  readonly passages: readonly PassageKey[];
  /** Normalised names by which the ends may be known. */
  readonly names: readonly string[];
  readonly limit: number;
}

/**
 * Names, entities and relations of a workspace. Methods throw GraphError `workspace-not-found` and StorageError
 * `store-unavailable`; an aborted signal rejects with its reason.
 */
export abstract class KnowledgeGraph {
  /** Those of the normalised n-grams that are names, walk or rare, in the order asked. */
  abstract namesIn(workspace: WorkspaceRef, query: NamesQuery, signal?: AbortSignal): Promise<FoundNames>;

  /** The names of the beam's passages with their target lists; long lists, titles too, are cut to `near`. */
  abstract hop(workspace: WorkspaceRef, query: HopQuery, signal?: AbortSignal): Promise<HopColumns>;

  /**
   * Relations asserted by these passages, those asserted by more of them first, equal ones by id, at most `limit`. Entities that were
   * declared one are one end.
   */
  abstract relationsOf(workspace: WorkspaceRef, query: RelationsQuery): Promise<RelationFact[]>;

  /**
   * Surroundings of an entity, found by its name or one of its aliases in any case: up to `depth` (0 to 3) steps away, at most
   * `limit` nodes, those with most relations first. Without an entity: the most connected part of the workspace.
   * @throws GraphError `entity-not-found`
   */
  abstract neighbourhood(
    workspace: WorkspaceRef,
    query: { readonly entity?: string; readonly depth: number; readonly limit: number },
  ): Promise<GraphPicture>;
}
