import { hostname } from 'node:os';
import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../../common/clock/clock.port.ts';
import { IdSource } from '../../../common/clock/id-source.port.ts';
import { Gate } from '../../../common/concurrency/gate.ts';
import { DocumentWriter, type StagedBatch, type WriteResult } from '../../document-writer.port.ts';
import type { DocumentInput, EmbeddingSpace, Generation, WorkspaceRef } from '../../graph.types.ts';
import { documentIdOf } from '../../ids.types.ts';
import { isOwnerAlive, ownerOf } from '../../indexing/staging-owner.ts';
import { closeGenerations, unreferencedBlobs } from './change-documents.ts';
import { ChangeScope } from './change-scope.ts';
import { EmbeddingSpaces } from './embedding-spaces.ts';
import { notOpen, workspaceGone } from './graph-faults.ts';
import { HeldPassages } from './held-passages.ts';
import { Neo4jGraph, WORKSPACE } from './neo4j-graph.service.ts';
import { changeWorkspace } from './publication.ts';
import type { ChangeInput } from './publication-plan.ts';
import { settleVersion } from './settled-version.ts';
import { checkVectors, stage } from './staging.ts';
import { WalkFilters } from './walk-filters.ts';
import { workspaceLabel } from './workspace-names.ts';

const BEGIN = `${WORKSPACE}CALL (w) {
  UNWIND $batch.rows AS row
  OPTIONAL MATCH (d:Document {id: row.documentId}) WHERE d.workspace = $workspace
  WITH row, coalesce(d.contentHash = row.contentHash, false) AS isSame
  FOREACH (generation IN CASE WHEN isSame THEN [] ELSE [row.generation] END | CREATE (g:Generation:$($label)) SET g = generation)
  RETURN collect(isSame) AS same
}
RETURN same`;
const KNOWN = `${WORKSPACE}CALL (w) {
  UNWIND $batch.rows AS id MATCH (c:Chunk {id: id}) WHERE c.workspace = $workspace RETURN collect(c.id) AS known
}
RETURN known`;
const AMEND = `${WORKSPACE}CALL (w) {
  OPTIONAL MATCH (g:Generation {id: $id}) WHERE g.workspace = $workspace
  SET g.document = $document, g.originalBlob = $originalBlob, g.textBlob = $textBlob
  RETURN g IS NOT NULL AS open
}
RETURN open`;
const OWNERS = `${WORKSPACE}CALL (w) {
  MATCH (g:Generation) WHERE g.workspace = $workspace RETURN collect([g.id, g.owner, g.stagedAt]) AS staged
}
RETURN staged`;

/** A document of tens of thousands of chunks becomes visible in one transaction, which may have to wait for another process's. */
const CHANGE_MS = 900_000;

@Injectable()
export class Neo4jDocumentWriter extends DocumentWriter {
  private readonly logger = new Logger(Neo4jDocumentWriter.name);
  readonly #owner: string;
  readonly #spaces: EmbeddingSpaces;
  readonly #changing = new Map<string, Gate>();
  readonly #memory = { held: new HeldPassages(), filters: new WalkFilters() };

  constructor(
    private readonly graph: Neo4jGraph,
    private readonly clock: Clock,
    private readonly ids: IdSource,
  ) {
    super();
    this.#owner = ownerOf(hostname(), process.pid, ids.uuid());
    this.#spaces = new EmbeddingSpaces(graph);
  }

  override async begin(workspace: WorkspaceRef, documents: readonly DocumentInput[]): Promise<Generation[]> {
    const named = documents.map((document) => ({ document, id: this.ids.uuid(), documentId: documentIdOf(workspace.uid, document.externalId) }));
    const shared = { workspace: workspace.uid, owner: this.#owner, stagedAt: this.clock.now(), batches: 0 };
    const rows = named.map(({ document, id, documentId }) => ({
      documentId,
      contentHash: document.contentHash,
      generation: { ...shared, id, document: JSON.stringify(document), originalBlob: document.original.key, textBlob: document.text.key },
    }));
    const parameters = { batch: { rows }, workspace: workspace.uid, label: workspaceLabel(workspace.uid) };
    const [row] = await this.graph.change<{ same: boolean[] }>(BEGIN, parameters);
    if (row === undefined) throw workspaceGone(workspace);
    return named.map(({ id, documentId }, i) => ({ id, documentId, state: row.same[i] === true ? 'unchanged' : 'open' }));
  }

  override async known(workspace: WorkspaceRef, chunkIds: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set((await this.graph.look<{ known: string[] }>(workspace, KNOWN, { batch: { rows: chunkIds } })).known);
  }

  override async writeBatch(workspace: WorkspaceRef, batches: readonly StagedBatch[], space?: EmbeddingSpace): Promise<void> {
    const parts = batches.filter(({ generation }) => generation.state === 'open').map(({ generation, chunks }) => ({ generation: generation.id, chunks }));
    if (space !== undefined) await this.#spaces.fix(workspace, space);
    const dimensions = await this.#spaces.dimensions(workspace);
    checkVectors(parts.flatMap(({ chunks }) => chunks), dimensions);
    if (parts.length === 0) return;
    await this.graph.write((transaction) => stage(transaction, workspace, { parts, dimensions, held: this.#memory.held }));
  }

  override async amend(workspace: WorkspaceRef, generation: Generation, document: DocumentInput): Promise<void> {
    const [row] = await this.graph.change<{ open: boolean }>(AMEND, {
      ...{ workspace: workspace.uid, id: generation.id, document: JSON.stringify(document) },
      ...{ originalBlob: document.original.key, textBlob: document.text.key },
    });
    if (row === undefined) throw workspaceGone(workspace);
    if (!row.open) throw notOpen('The document to change was published, abandoned or swept.');
  }

  override async publish(workspace: WorkspaceRef, generations: readonly Generation[]): Promise<WriteResult> {
    const open = generations.filter(({ state }) => state === 'open').map(({ id }) => id);
    const unchanged = generations.filter(({ state }) => state === 'unchanged').map(({ documentId }) => documentId);
    const result = await this.#change(workspace, { publish: open, delete: [] });
    return { ...result, unchanged: [...unchanged, ...result.unchanged] };
  }

  override async abandon(workspace: WorkspaceRef, generations: readonly Generation[]): Promise<readonly string[]> {
    return await this.#abandon(workspace, generations.map(({ id }) => id));
  }

  override async deleteDocuments(workspace: WorkspaceRef, documentIds: readonly string[]): Promise<WriteResult> {
    return await this.#change(workspace, { publish: [], delete: documentIds });
  }

  override async sweep(workspace: WorkspaceRef): Promise<{ readonly generations: number; readonly releasedBlobs: readonly string[] }> {
    const { staged } = await this.graph.look<{ staged: [id: string, owner: string, stagedAt: number][] }>(workspace, OWNERS);
    const dead = staged.filter(([, owner, stagedAt]) => owner !== this.#owner && !isOwnerAlive(owner, stagedAt, this.clock.now()));
    if (dead.length === 0) return { generations: 0, releasedBlobs: [] };
    return { generations: dead.length, releasedBlobs: await this.#abandon(workspace, dead.map(([id]) => id)) };
  }

  override async blobsInUse(workspace: WorkspaceRef, keys: readonly string[]): Promise<ReadonlySet<string>> {
    const free = await this.graph.write((transaction) => unreferencedBlobs(new ChangeScope(transaction, workspace.uid), keys));
    return new Set(keys).difference(new Set(free));
  }

  async #abandon(workspace: WorkspaceRef, generations: readonly string[]): Promise<readonly string[]> {
    const released = await this.graph.write(async (transaction) => {
      const scope = new ChangeScope(transaction, workspace.uid);
      return await scope.through(async () => {
        if ((await scope.run(`${WORKSPACE}RETURN w.uid`)).length === 0) throw workspaceGone(workspace);
        return await unreferencedBlobs(scope, await closeGenerations(scope, generations));
      });
    });
    this.#memory.held.forget(generations);
    return released;
  }

  async #change(workspace: WorkspaceRef, change: Pick<ChangeInput, 'publish' | 'delete'>): Promise<WriteResult> {
    const input = { ...change, now: new Date(this.clock.now()).toISOString() };
    return await this.#turn(workspace, async () => {
      const { result, filter } = await this.graph.write((transaction) => changeWorkspace(transaction, workspace, input, this.#memory), CHANGE_MS);
      this.#memory.held.forget(change.publish);
      if (filter !== undefined) {
        this.#memory.filters.keep(workspace.uid, result.indexVersion, filter);
        await this.#settle(workspace);
      }
      return result;
    });
  }

  /** The change is committed, whatever becomes of this. */
  async #settle(workspace: WorkspaceRef): Promise<void> {
    try {
      await settleVersion(this.graph, workspace);
    } catch (error) {
      this.logger.warn({ err: error }, 'questions remember nothing of the new version of a workspace until it changes again');
    }
  }

  /** Changes of one workspace come one after the other anyway; here they wait without holding a connection. */
  async #turn<T>(workspace: WorkspaceRef, work: () => Promise<T>): Promise<T> {
    const gate = this.#changing.get(workspace.uid) ?? new Gate(1);
    this.#changing.set(workspace.uid, gate);
    try {
      return await gate.run(work);
    } finally {
      if (gate.active + gate.waiting === 0) this.#changing.delete(workspace.uid);
    }
  }
}
