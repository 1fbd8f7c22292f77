import { GraphError } from '../../graph.errors.ts';
import type { EmbeddingSpace, WorkspaceRef } from '../../graph.types.ts';

export function workspaceGone(workspace: WorkspaceRef): GraphError {
  return new GraphError('workspace-not-found', 'The workspace does not exist any longer.', {
    remedy: 'List the workspaces you may use; this one was dropped.',
    details: { workspace: workspace.uid },
  });
}

export function notOpen(message: string): GraphError {
  return new GraphError('generation-not-open', message, { remedy: 'Ingest the document again.', retryable: true });
}

export function dimensionMismatch(message: string): GraphError {
  return new GraphError('embedding-dimension-mismatch', message, {
    remedy: 'Set the embedding model the workspace was made with, or run `reindex` to make its vectors anew.',
  });
}

/** @throws GraphError if vectors of one space do not belong into another */
export function checkSameSpace(known: EmbeddingSpace, given: EmbeddingSpace): void {
  if (known.modelId === given.modelId && known.dimensions === given.dimensions) return;
  throw dimensionMismatch(
    `The workspace's vectors are of ${known.modelId} (${String(known.dimensions)} dimensions), these are of ${given.modelId} (${String(given.dimensions)}).`,
  );
}
