import type { WorkspaceRef } from './graph.types.ts';
import type { ProgramRef } from './look-ups.types.ts';

/** How a program is run. */
export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  /** Whether it searches vectors, so that their index is at hand; without it such a search is answered too, but slowly. */
  readonly searchesVectors?: boolean;
}

/**
 * Runs programs of look-ups as near to the data as the store can: the embedded store inside a reader thread, so that a question
 * crosses threads once; a server with a statement a look-up.
 *
 * All look-ups of a run see one state of the workspace where the store can give one. Rejects with GraphError `workspace-not-found`,
 * StorageError `store-unavailable`, what the program throws, or the signal's reason as soon as it is aborted.
 */
export abstract class ProgramRunner {
  abstract run<Input, Answer>(workspace: WorkspaceRef, program: ProgramRef<Input, Answer>, input: Input, options?: RunOptions): Promise<Answer>;
}
