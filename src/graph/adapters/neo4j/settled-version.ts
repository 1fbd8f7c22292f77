import type { WorkspaceRef } from '../../graph.types.ts';
import { LOCKED_WORKSPACE, type Neo4jGraph } from './neo4j-graph.service.ts';

/*
 * While Neo4j commits a transaction, others may see one part of it and not yet another: the new version, and names as they were. So
 * what was read as of a version may be kept only if the version was whole. A change's transaction holds the workspace's lock until all
 * of it can be seen; whoever has the lock after it can say so.
 */

const SETTLE = `${LOCKED_WORKSPACE}SET w.settled = w.version RETURN w.settled AS version`;

/** Tells readers that all of the latest version can be seen. Until then they keep nothing from one question to the next. */
export async function settleVersion(graph: Neo4jGraph, workspace: WorkspaceRef): Promise<void> {
  await graph.change(SETTLE, { workspace: workspace.uid });
}
