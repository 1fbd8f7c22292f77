import type { Workspace, WorkspaceRef, WorkspaceStats } from './graph.types.ts';

/** The workspaces themselves. Every method throws StorageError `store-unavailable`, `disk-full` or `data-read-only`. */
export abstract class WorkspaceStore {
  /**
   * Makes an empty workspace, with its indexes ready when the promise resolves.
   * @throws GraphError `workspace-name-invalid`, `workspace-exists`
   */
  abstract create(slug: string): Promise<Workspace>;

  /** The workspace of that name, or nothing; any string may be asked. */
  abstract find(slug: string): Promise<Workspace | undefined>;

  /** All workspaces, by slug. */
  abstract list(): Promise<Workspace[]>;

  /** Removes a workspace and all the graph holds of it. Nothing is found in it from the first moment on; false if there was none. */
  abstract drop(slug: string): Promise<boolean>;

  /** @throws GraphError `workspace-not-found` if it was dropped */
  abstract stats(workspace: WorkspaceRef): Promise<WorkspaceStats>;

  /** Resolves if the store answers and could take a write. For health. */
  abstract ping(): Promise<void>;
}
