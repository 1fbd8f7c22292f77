import type { PassageKey, WorkspaceRef } from './graph.types.ts';

/** An entity with what tells it from others. */
export interface StoredEntity {
  readonly id: string;
  /** Its normalised name. */
  readonly norm: string;
  readonly type: string;
  /** What tells it from namesakes of its type; empty where nothing does. */
  readonly sense: string;
  /** The form most passages use, of equals the first by code unit. */
  readonly name: string;
  /** Normalised, rising by code unit. */
  readonly aliases: readonly string[];
  /** Passages that mention it. */
  readonly mentions: number;
  /** The first 20 of them by chunk id, so that it does not matter in which order they came. */
  readonly passages: readonly number[];
  /** The longest that these passages give; may be empty. */
  readonly description: string;
}

/** A page of entities. */
export interface EntityPage {
  readonly entities: readonly StoredEntity[];
  /** Give it to the next call; absent on the last page. */
  readonly next?: string;
}

/** A declaration that an entity is another one. */
export interface EntityMerge {
  readonly entityId: string;
  readonly intoId: string;
}

/** A passage that mentions an entity. */
export interface EntityMention {
  readonly passage: PassageKey;
  /** The form it is written in there. */
  readonly surface: string;
  /** Normalised names of what else the passage mentions, rising by code unit. */
  readonly beside: readonly string[];
}

/** Which of several of one name and type a document means. */
export interface GivenSense {
  readonly documentId: string;
  readonly norm: string;
  readonly type: string;
  /** Normalised; empty: nothing is told apart. */
  readonly sense: string;
}

/** How many passages of an entity are told. */
export const PASSAGES_TOLD = 20;

/**
 * All entities of a workspace, and which of them are one. Merges are resolved on reading, so undoing one is forgetting it.
 *
 * Methods throw GraphError `workspace-not-found`, and StorageError as DocumentWriter does.
 */
export abstract class StoredEntities {
  /** Entities in an order of the store, at most `limit` (1 to 1000) a page. */
  abstract page(workspace: WorkspaceRef, query: { readonly after?: string; readonly limit: number }): Promise<EntityPage>;

  /** Of each of these entities every passage that mentions it, by rising chunk id; unknown ones are left out. */
  abstract mentions(workspace: WorkspaceRef, entityIds: readonly string[]): Promise<ReadonlyMap<string, readonly EntityMention[]>>;

  /**
   * From now on all that documents say of a name and type is said of the entity of that sense, their relations with it; all in one
   * transaction. Entities and relations that nothing is said of any longer go. Documents and names that are not there are left out.
   * @returns how many mentions moved
   */
  abstract giveSenses(workspace: WorkspaceRef, given: readonly GivenSense[]): Promise<number>;

  /** All merges, by rising `entityId`. One whose entity no document mentions any longer stays, for when one does again. */
  abstract merges(workspace: WorkspaceRef): Promise<EntityMerge[]>;

  /**
   * Declares entities one, all in one transaction; one that was declared another before no longer is. Pairs of which one is not there
   * are left out.
   * @returns how many were declared
   */
  abstract declare(workspace: WorkspaceRef, merges: readonly EntityMerge[]): Promise<number>;

  /** Forgets what entities were declared to be; unknown ones are no error. */
  abstract forget(workspace: WorkspaceRef, entityIds: readonly string[]): Promise<void>;
}
