import type { INestApplicationContext } from '@nestjs/common';
import { GraphError } from '../graph/graph.errors.ts';
import type { Workspace } from '../graph/graph.types.ts';
import { WorkspaceService } from '../graph/workspace.service.ts';
import { WorkspaceStore } from '../graph/workspace-store.port.ts';

/** @throws GraphError `workspace-not-found` */
export async function requireWorkspace(app: INestApplicationContext, slug: string): Promise<Workspace> {
  const workspace = await app.get(WorkspaceStore, { strict: false }).find(slug);
  if (workspace !== undefined) return workspace;
  throw new GraphError('workspace-not-found', `There is no workspace "${slug.slice(0, 80)}" in this data folder.`, {
    remedy: 'See what there is with `graphrag-chat workspaces list`; `ingest` makes a workspace when it is missing.',
  });
}

/** A workspace as it is shown, in the shape of the wire. */
export interface WorkspaceView {
  readonly slug: string;
  readonly documents: number;
  readonly chunks: number;
  readonly entities: number;
  readonly relations: number;
  readonly indexVersion: number;
}

export async function describeWorkspace(app: INestApplicationContext, workspace: Workspace): Promise<WorkspaceView> {
  const stats = await app.get(WorkspaceService, { strict: false }).stats(workspace);
  const { documents, chunks, entities, relations, indexVersion } = stats;
  return { slug: workspace.slug, documents, chunks, entities, relations, indexVersion };
}
