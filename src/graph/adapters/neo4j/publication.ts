import { analysePassage } from '../../../common/text/analysis.ts';
import type { Neo4jTransaction } from '../../../storage/neo4j/neo4j.types.ts';
import type { WriteResult } from '../../document-writer.port.ts';
import type { Extraction, WorkspaceRef } from '../../graph.types.ts';
import type { NameFilter } from '../../indexing/name-filter.ts';
import type { StoredBytes } from './bytes.ts';
import { chunkRows, moveChunks, placeChunks, relinkChunks, removeChunks, type StagedContent, stagedContents } from './change-chunks.ts';
import { closeGenerations, createDocuments, deleteDocuments, documentProperties, unreferencedBlobs, updateDocuments } from './change-documents.ts';
import { logChange } from './change-log.ts';
import { ChangeScope } from './change-scope.ts';
import type { EntityGrowth } from './entity-changes.ts';
import { workspaceGone } from './graph-faults.ts';
import type { HeldPassage, HeldPassages } from './held-passages.ts';
import { LOCKED_WORKSPACE, WORKSPACE } from './neo4j-graph.service.ts';
import { type PassageChanges, PassageIndexing } from './passage-indexing.ts';
import { type ChangeInput, type PlannedChunk, planOf, type PublicationPlan } from './publication-plan.ts';
import type { WalkFilters } from './walk-filters.ts';

/** What a workspace counts. */
interface WorkspaceCounts {
  readonly version: number;
  readonly documents: number;
  readonly passages: number;
  readonly names: number;
  readonly entities: number;
  readonly relations: number;
  readonly vectors: number;
  readonly titleLength: number;
  readonly bodyLength: number;
  readonly nextDocument: number;
  readonly nextChunk: number;
  readonly nextName: number;
}

/** What a process holds from one change to the next. */
export interface ChangeMemory {
  readonly held: HeldPassages;
  readonly filters: WalkFilters;
}

/** What a change did, with the walk names as they are once it is committed. */
export interface Change {
  readonly result: WriteResult;
  readonly filter: NameFilter | undefined;
}

interface Worked {
  readonly counts: WorkspaceCounts;
  readonly plan: PublicationPlan;
  readonly changes: PassageChanges;
  readonly indexing: PassageIndexing;
  readonly links: Map<number, StoredBytes>;
}

const LOCK = `${LOCKED_WORKSPACE}RETURN properties(w) AS counts`;
const UPDATE = `${WORKSPACE}SET w += $counts`;

/**
 * Changes what is visible of a workspace, in the transaction given: makes generations visible, which releases those they replace, and
 * deletes documents. The workspace's node is locked until the transaction ends, so changes of one workspace come one after the other.
 */
export async function changeWorkspace(transaction: Neo4jTransaction, workspace: WorkspaceRef, input: ChangeInput, memory: ChangeMemory): Promise<Change> {
  const scope = new ChangeScope(transaction, workspace.uid);
  return await scope.through(() => change(scope, workspace, input, memory));
}

async function change(scope: ChangeScope, workspace: WorkspaceRef, input: ChangeInput, memory: ChangeMemory): Promise<Change> {
  const [row] = await scope.run<{ counts: WorkspaceCounts }>(LOCK);
  if (row === undefined) throw workspaceGone(workspace);
  const { counts } = row;
  const plan = await planOf(scope, input, { document: counts.nextDocument, chunk: counts.nextChunk });
  const outcome = {
    added: plan.published.filter(({ live }) => live === undefined).map(({ id }) => id),
    updated: plan.published.filter(({ live }) => live !== undefined).map(({ id }) => id),
    unchanged: plan.unchanged,
    deleted: plan.deleted.map(({ id }) => id),
  };
  const isChange = plan.published.length + plan.deleted.length > 0;
  const filter = isChange ? await writeChange(scope, { input, counts, plan, memory }) : undefined;
  const blobs = new Set([...plan.blobs, ...(await closeGenerations(scope, input.publish, plan.usedUp))]);
  // What the documents published now refer to need not be looked for.
  for (const { document } of plan.published) for (const { key } of [document.original, document.text]) blobs.delete(key);
  const releasedBlobs = await unreferencedBlobs(scope, [...blobs]);
  return { result: { ...outcome, releasedBlobs, indexVersion: counts.version + Number(isChange) }, filter };
}

async function writeChange(
  scope: ChangeScope,
  { input, counts, plan, memory }: { readonly input: ChangeInput; readonly counts: WorkspaceCounts; readonly plan: PublicationPlan; readonly memory: ChangeMemory },
): Promise<NameFilter> {
  const changes = await changesOf(scope, plan, memory.held);
  const indexing = new PassageIndexing(scope, counts.nextName);
  const hasOthers = counts.passages > plan.removed.length;
  const { links, filter } = await indexing.workOut(changes, {
    hasOthers,
    take: (more) => memory.filters.take(scope, counts.version, counts.names + more),
    meanwhile: () => { writeDocuments(scope, plan, input.now); },
  });
  const worked = { counts, plan, changes, indexing, links };
  const growth = await writeChunks(scope, worked);
  deleteDocuments(scope, plan.deleted.map(({ id }) => id));
  await writeCounts(scope, worked, growth);
  return filter;
}

async function changesOf(scope: ChangeScope, { placed, moved, removed }: PublicationPlan, held: HeldPassages): Promise<PassageChanges> {
  const withContent = [...placed, ...moved.filter(({ staged }) => staged.hasContent)];
  const unknown = withContent.filter(({ staged }) => held.get(staged.generation, staged.ordinal) === undefined);
  const contents = await stagedContents(scope, unknown.map(({ staged }) => staged.node));
  const passageOf = ({ staged }: PlannedChunk): HeldPassage | undefined => {
    const content = contents.get(staged.node);
    return content === undefined ? held.get(staged.generation, staged.ordinal) : analysed(content);
  };
  const added = placed.flatMap((chunk) => {
    const passage = passageOf(chunk);
    return passage === undefined ? [] : [{ key: chunk.key, ...passage }];
  });
  const extractions = new Map(moved.filter(({ staged }) => staged.hasContent).map((chunk) => [chunk.key, passageOf(chunk)?.extraction]));
  const rows = await chunkRows(scope, [...extractions].filter(([, extraction]) => extraction !== undefined).map(([key]) => key));
  const extracted = rows.flatMap((row) => {
    const extraction = extractions.get(row.key);
    return extraction === undefined ? [] : [{ row, extraction }];
  });
  return { added, removed: await chunkRows(scope, removed), extracted };
}

function analysed({ title, text, blocks, extraction }: StagedContent): HeldPassage {
  return {
    analysis: analysePassage(title, text, JSON.parse(blocks) as number[]),
    extraction: extraction === null ? undefined : (JSON.parse(extraction) as Extraction),
  };
}

function writeDocuments(scope: ChangeScope, { published, placed, moved }: PublicationPlan, now: string): void {
  const chunks = new Map<string, number>();
  for (const { document } of [...placed, ...moved]) chunks.set(document.id, (chunks.get(document.id) ?? 0) + 1);
  const rows = published.map(({ id, key, document, live }) => ({
    isNew: live === undefined,
    row: { key, externalId: document.externalId, ...documentProperties(document, { id, now, chunks: chunks.get(id) ?? 0 }) },
  }));
  createDocuments(scope, rows.filter(({ isNew }) => isNew).map(({ row }) => ({ ...row, createdAt: now })));
  updateDocuments(scope, rows.filter(({ isNew }) => !isNew).map(({ row }) => row));
}

async function writeChunks(scope: ChangeScope, { plan, indexing, links }: Worked): Promise<EntityGrowth> {
  const none: StoredBytes = new Int8Array();
  placeChunks(scope, plan.placed.map((chunk) => ({
    node: chunk.staged.node,
    key: chunk.key,
    document: chunk.document.key,
    documentId: chunk.document.id,
    tie: tieOf(chunk),
    links: links.get(chunk.key) ?? none,
    vectors: chunk.staged.vectors,
  })));
  moveChunks(scope, plan.moved.map((chunk) => ({ key: chunk.key, node: chunk.staged.node, tie: tieOf(chunk) })));
  indexing.names.write();
  indexing.links.write(scope);
  const placed = new Set(plan.placed.map(({ key }) => key));
  relinkChunks(scope, [...links].filter(([key]) => !placed.has(key)).map(([key, packed]) => ({ key, links: packed })));
  const growth = await indexing.entities.write();
  removeChunks(scope, plan.removed);
  indexing.names.forget();
  return growth;
}

/** A passage's place among equals, see `compareTies`. */
function tieOf({ document, staged }: PlannedChunk): string {
  return `${document.document.externalId}\u0000${String(staged.ordinal).padStart(7, '0')}`;
}

async function writeCounts(scope: ChangeScope, { counts, plan, changes, indexing }: Worked, growth: EntityGrowth): Promise<void> {
  const { lengthGrowth, names } = indexing;
  const version = counts.version + 1;
  const coming = plan.placed.reduce((sum, { staged }) => sum + staged.vectors, 0);
  const going = changes.removed.reduce((sum, { vectors }) => sum + vectors, 0);
  const next: WorkspaceCounts = {
    version,
    documents: counts.documents + plan.published.filter(({ live }) => live === undefined).length - plan.deleted.length,
    passages: counts.passages + plan.placed.length - plan.removed.length,
    names: counts.names + names.growth,
    entities: counts.entities + growth.entities,
    relations: counts.relations + growth.relations,
    vectors: counts.vectors + coming - going,
    titleLength: counts.titleLength + lengthGrowth.titleLength,
    bodyLength: counts.bodyLength + lengthGrowth.bodyLength,
    nextDocument: plan.nextDocument,
    nextChunk: plan.nextChunk,
    nextName: names.nextKey,
  };
  const aliases = growth.hasAliases === undefined ? {} : { aliases: Number(growth.hasAliases) };
  await scope.run(UPDATE, { counts: { ...next, ...aliases } });
  await logChange(scope, version, { added: plan.placed.map(({ key }) => key), removed: plan.removed });
}
