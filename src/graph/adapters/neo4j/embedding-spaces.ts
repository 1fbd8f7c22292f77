import type { EmbeddingSpace, WorkspaceRef } from '../../graph.types.ts';
import { checkSameSpace } from './graph-faults.ts';
import { LOCKED_WORKSPACE, type Neo4jGraph, WORKSPACE } from './neo4j-graph.service.ts';
import { makeVectorIndex } from './workspace-indexes.ts';

const FIX = `${LOCKED_WORKSPACE}SET w.embedding = coalesce(w.embedding, $embedding), w.dimensions = coalesce(w.dimensions, $dimensions)
RETURN w.embedding AS embedding`;
/** Workspaces whose space and index this process has seen. */
const KNOWN = 1000;

/** The embedding spaces of workspaces. A space once fixed never changes. */
export class EmbeddingSpaces {
  readonly #graph: Neo4jGraph;
  readonly #known = new Map<string, EmbeddingSpace>();

  constructor(graph: Neo4jGraph) {
    this.#graph = graph;
  }

  /** The dimensions of a workspace's vectors; 0 before the first. */
  async dimensions(workspace: WorkspaceRef): Promise<number> {
    const known = this.#known.get(workspace.uid);
    if (known !== undefined) return known.dimensions;
    const { dimensions } = await this.#graph.look<{ dimensions: number | null }>(workspace, `${WORKSPACE}RETURN w.dimensions AS dimensions`);
    return dimensions ?? 0;
  }

  /**
   * Makes it the workspace's space, with its index ready, if there is none yet.
   * @throws GraphError `embedding-dimension-mismatch` if there is another one
   */
  async fix(workspace: WorkspaceRef, space: EmbeddingSpace): Promise<void> {
    const known = this.#known.get(workspace.uid) ?? (await this.#fixed(workspace, space));
    checkSameSpace(known, space);
  }

  async #fixed(workspace: WorkspaceRef, space: EmbeddingSpace): Promise<EmbeddingSpace> {
    const { embedding } = await this.#graph.look<{ embedding: string | null }>(workspace, `${WORKSPACE}RETURN w.embedding AS embedding`);
    const stored = embedding === null ? undefined : (JSON.parse(embedding) as EmbeddingSpace);
    if (stored !== undefined) checkSameSpace(stored, space);
    // The index comes first, so that whoever finds the space finds it ready.
    await makeVectorIndex(this.#graph, workspace, space);
    const known = stored ?? (await this.#write(workspace, space));
    if (this.#known.size >= KNOWN) this.#known.clear();
    this.#known.set(workspace.uid, known);
    return known;
  }

  async #write(workspace: WorkspaceRef, space: EmbeddingSpace): Promise<EmbeddingSpace> {
    const parameters = { workspace: workspace.uid, embedding: JSON.stringify(space), dimensions: space.dimensions };
    const [row] = await this.#graph.change<{ embedding: string }>(FIX, parameters);
    return row === undefined ? space : (JSON.parse(row.embedding) as EmbeddingSpace);
  }
}
