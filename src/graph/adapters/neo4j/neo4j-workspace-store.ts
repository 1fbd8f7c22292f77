import { Injectable } from '@nestjs/common';
import { Clock } from '../../../common/clock/clock.port.ts';
import { IdSource } from '../../../common/clock/id-source.port.ts';
import { GraphError } from '../../graph.errors.ts';
import type { EmbeddingSpace, Workspace, WorkspaceRef, WorkspaceStats } from '../../graph.types.ts';
import { checkSlug, isSlug } from '../../workspace-slug.ts';
import { WorkspaceStore } from '../../workspace-store.port.ts';
import { Neo4jGraph, WORKSPACE } from './neo4j-graph.service.ts';
import { dropIndexes, makeTextIndex } from './workspace-indexes.ts';
import { workspaceLabel } from './workspace-names.ts';

const COLUMNS = 'w.slug AS slug, w.uid AS uid, w.createdAt AS createdAt';

const CREATE = `MERGE (w:Workspace {slug: $slug})
ON CREATE SET w += $properties, w:$($label)
RETURN w.uid = $properties.uid AS made`;
/** What a new workspace counts. Keys are never given twice: readers may still hold those of passages and names that have gone. */
const EMPTY = {
  version: 0, changesFrom: 0, documents: 0, passages: 0, names: 0, entities: 0, relations: 0, aliases: 0, vectors: 0, titleLength: 0, bodyLength: 0,
  nextDocument: 1, nextChunk: 1, nextName: 1,
};

const HIDE = 'MATCH (w:Workspace {slug: $slug}) SET w:DroppedWorkspace, w.droppedAt = $now REMOVE w:Workspace REMOVE w.slug RETURN w.uid AS uid';
const LEFT_BEHIND = 'MATCH (w:DroppedWorkspace) WHERE w.droppedAt < $before RETURN w.uid AS uid';
/** After this long nobody is at it any more, in milliseconds. */
const LEFT_BEHIND_MS = 3_600_000;
/** All its nodes but the one that tells that it is being dropped; that one last. */
const deleteNodes = (uid: string): string =>
  `MATCH (n:\`${workspaceLabel(uid)}\`) WHERE NOT n:DroppedWorkspace CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS`;
const DELETE_MARK = 'MATCH (w:DroppedWorkspace {uid: $uid}) DETACH DELETE w';

const STATS = `${WORKSPACE}RETURN w.documents AS documents, w.passages AS chunks, w.names AS names, w.entities AS entities, w.relations AS relations,
w.version AS indexVersion, w.embedding AS embedding`;

type StatsRow = Omit<WorkspaceStats, 'embedding'> & { readonly embedding: string | null };

/** Workspaces as nodes; all that belongs to one has its label, and indexes of its own. */
@Injectable()
export class Neo4jWorkspaceStore extends WorkspaceStore {
  constructor(
    private readonly graph: Neo4jGraph,
    private readonly clock: Clock,
    private readonly ids: IdSource,
  ) {
    super();
  }

  override async create(slug: string): Promise<Workspace> {
    checkSlug(slug);
    if ((await this.find(slug)) !== undefined) throw nameTaken(slug);
    const workspace: Workspace = { slug, uid: this.ids.uuid(), createdAt: new Date(this.clock.now()).toISOString() };
    // The index comes first, so that whoever finds the workspace finds it ready.
    await makeTextIndex(this.graph, workspace);
    const properties = { ...EMPTY, uid: workspace.uid, workspace: workspace.uid, createdAt: workspace.createdAt };
    const parameters = { slug, properties, label: workspaceLabel(workspace.uid) };
    const [row] = await this.graph.change<{ made: boolean }>(CREATE, parameters);
    if (row?.made === true) return workspace;
    await dropIndexes(this.graph, workspace);
    throw nameTaken(slug);
  }

  override async find(slug: string): Promise<Workspace | undefined> {
    if (!isSlug(slug)) return undefined;
    const [found] = await this.graph.read<Workspace>(`MATCH (w:Workspace {slug: $slug}) RETURN ${COLUMNS}`, { slug });
    return found;
  }

  override async list(): Promise<Workspace[]> {
    return await this.graph.read<Workspace>(`MATCH (w:Workspace) RETURN ${COLUMNS} ORDER BY slug`);
  }

  override async drop(slug: string): Promise<boolean> {
    if (!isSlug(slug)) return false;
    // From here on nothing finds it; what a process that dies now leaves behind goes with a later drop.
    const hidden = await this.graph.change<WorkspaceRef>(HIDE, { slug, now: this.clock.now() });
    if (hidden.length === 0) return false;
    const left = await this.graph.read<WorkspaceRef>(LEFT_BEHIND, { before: this.clock.now() - LEFT_BEHIND_MS });
    for (const dropped of [...hidden, ...left]) await this.#clear(dropped);
    return true;
  }

  override async stats(workspace: WorkspaceRef): Promise<WorkspaceStats> {
    const { embedding, ...counts } = await this.graph.look<StatsRow>(workspace, STATS);
    return { ...counts, embedding: embedding === null ? undefined : (JSON.parse(embedding) as EmbeddingSpace) };
  }

  override async ping(): Promise<void> {
    await this.graph.ping();
  }

  async #clear(workspace: WorkspaceRef): Promise<void> {
    // Without its indexes nothing has to be taken out of them node by node.
    await dropIndexes(this.graph, workspace);
    // Twice: what a transaction under way stages behind the first pass is committed before its generation, on which it holds a lock, can go.
    await this.graph.autocommit(deleteNodes(workspace.uid));
    await this.graph.autocommit(deleteNodes(workspace.uid));
    await this.graph.change(DELETE_MARK, { uid: workspace.uid });
  }
}

function nameTaken(slug: string): GraphError {
  return new GraphError('workspace-exists', `There is a workspace "${slug}" already.`, { remedy: 'Use it, or choose another name.' });
}
