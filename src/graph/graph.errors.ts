import { AppError, type AppErrorOptions } from '../common/errors/app-error.ts';

/** Codes of faults of workspaces, documents and the graph. */
export type GraphErrorCode =
  | 'workspace-required'
  | 'workspace-name-invalid'
  | 'workspace-not-found'
  | 'workspace-exists'
  | 'document-not-found'
  | 'entity-not-found'
  | 'generation-not-open'
  | 'embedding-dimension-mismatch'
  | 'right-missing';

/** Something about a workspace, a document or an entity is not as asked. */
export class GraphError extends AppError {
  constructor(code: GraphErrorCode, message: string, options?: AppErrorOptions) {
    super(code, message, options);
  }

  static workspaceNotFound(slug: string): GraphError {
    return new GraphError('workspace-not-found', `There is no workspace "${slug.slice(0, 80)}".`, {
      remedy: 'List the workspaces you may use with GET /workspaces, or create it first.',
    });
  }

  static documentNotFound(id: string): GraphError {
    return new GraphError('document-not-found', `There is no document "${id.slice(0, 80)}" in this workspace.`, {
      remedy: 'List the documents with GET /documents.',
    });
  }
}
