import { Injectable, Optional } from '@nestjs/common';
import { GraphError } from '../../graph.errors.ts';
import type { DocumentRecord, Passage, PassageKey, PassageLabel, WorkspaceRef } from '../../graph.types.ts';
import { type DocumentQuery, type IndexChanges, PassageIndex, type TermCountQuery, type TextQuery, type VectorQuery } from '../../passage-index.port.ts';
import type { TermCounts, TextHits, VectorHits } from '../../retrieval-columns.types.ts';
import { allowedDocuments } from './allowed-documents.ts';
import { Neo4jGraph } from './neo4j-graph.service.ts';
import { ProcessMemory } from './process-memory.ts';
import { CHANGES, CHUNKS, CONTENT_HASHES, DOCUMENT, documentOf, type DocumentRow, DOCUMENTS, DOCUMENTS_WITHIN, LABELS, passageOf, type PassageRow, PASSAGES, TERMS, TIES } from './reads.ts';
import { RunMemory } from './run-memory.ts';
import { countTerms } from './term-counting.ts';
import { searchText } from './text-search.ts';
import { searchVectors, similarities } from './vector-search.ts';

const DEFAULT_PAGE = 100;
const MAX_PAGE = 1000;

interface TermsRow {
  readonly passages: number;
  readonly titleLength: number;
  readonly bodyLength: number;
  readonly terms: readonly (readonly [key: number, titleStems: string, bodyStems: string])[];
}

@Injectable()
export class Neo4jPassageIndex extends PassageIndex {
  #process = new ProcessMemory();

  constructor(
    private readonly graph: Neo4jGraph,
    @Optional() private readonly memory?: RunMemory,
  ) {
    super();
  }

  /** A memory for one question. */
  newMemory(): RunMemory {
    if (this.#process.stems.isFull) this.#process = new ProcessMemory();
    return new RunMemory(this.#process);
  }

  /** The same index for one question, which asks for nothing that its memory knows. */
  within(memory: RunMemory): Neo4jPassageIndex {
    return new Neo4jPassageIndex(this.graph, memory);
  }

  override async searchText(workspace: WorkspaceRef, query: TextQuery, signal?: AbortSignal): Promise<TextHits> {
    return await searchText(this.graph, workspace, { query, memory: this.memory ?? this.newMemory(), signal });
  }

  override async termCounts(workspace: WorkspaceRef, query: TermCountQuery, signal?: AbortSignal): Promise<TermCounts> {
    const memory = this.memory ?? this.newMemory();
    const missing = query.passages.filter((key) => memory.termsOf(key) === undefined);
    if (memory.means === undefined || missing.length > 0) {
      const { passages, titleLength, bodyLength, terms } = await this.graph.look<TermsRow>(workspace, TERMS, { keys: missing }, signal);
      const count = Math.max(1, passages);
      memory.means ??= { passageCount: passages, meanTitleLength: titleLength / count, meanBodyLength: bodyLength / count };
      for (const [key, titleStems, bodyStems] of terms) memory.terms.set(key, memory.stems.packed(workspace.uid, key, { titleStems, bodyStems }));
    }
    const { meanTitleLength, meanBodyLength } = memory.means;
    return { ...countTerms(query, memory.stems, (key) => memory.termsOf(key)), meanTitleLength, meanBodyLength };
  }

  override async ties(workspace: WorkspaceRef, keys: readonly PassageKey[]): Promise<string[]> {
    const memory = this.memory ?? new RunMemory();
    const missing = keys.filter((key) => memory.tieOf(key) === undefined);
    if (missing.length > 0 || this.memory === undefined) {
      const { ties } = await this.graph.look<{ ties: [PassageKey, string][] }>(workspace, TIES, { keys: missing });
      memory.setTies(ties);
    }
    return keys.map((key) => memory.tieOf(key) ?? '');
  }

  override async searchVectors(workspace: WorkspaceRef, query: VectorQuery, signal?: AbortSignal): Promise<VectorHits> {
    return await searchVectors(this.graph, workspace, { query, memory: this.memory ?? this.newMemory(), signal });
  }

  override async similarities(workspace: WorkspaceRef, vector: Float32Array, passages: readonly PassageKey[]): Promise<Float64Array> {
    return await similarities(this.graph, workspace, { vector, passages });
  }

  override async passages(workspace: WorkspaceRef, keys: readonly PassageKey[]): Promise<Passage[]> {
    const memory = this.memory ?? new RunMemory();
    const missing = keys.filter((key) => memory.texts.get(key) === undefined);
    if (missing.length > 0 || this.memory === undefined) {
      const { version, passages } = await this.graph.look<{ version: number; passages: PassageRow[] }>(workspace, PASSAGES, { keys: missing });
      for (const row of passages) memory.texts.set(row.key, passageOf(row), memory.keeps(version));
    }
    return keys.flatMap((key) => memory.texts.get(key) ?? []);
  }

  override async labels(workspace: WorkspaceRef, keys: readonly PassageKey[]): Promise<ReadonlyMap<PassageKey, PassageLabel>> {
    const memory = this.memory ?? new RunMemory();
    const missing = keys.filter((key) => memory.labelOf(key) === undefined);
    if (missing.length > 0) {
      const { labels } = await this.graph.look<{ labels: [PassageKey, string, string][] }>(workspace, LABELS, { keys: missing });
      for (const [key, chunkId, title] of labels) memory.labels.set(key, { chunkId, title });
    }
    return new Map(keys.flatMap((key) => {
      const label = memory.labelOf(key);
      return label === undefined ? [] : [[key, label]];
    }));
  }

  override async chunks(workspace: WorkspaceRef, chunkIds: readonly string[]): Promise<Passage[]> {
    const { passages } = await this.graph.look<{ passages: PassageRow[] }>(workspace, CHUNKS, { ids: [...new Set(chunkIds)] });
    const byId = new Map(passages.map((row) => [row.chunkId, row]));
    return chunkIds.flatMap((id) => byId.get(id) ?? []).map(passageOf);
  }

  override async documents(
    workspace: WorkspaceRef,
    query: DocumentQuery,
  ): Promise<{ readonly documents: readonly DocumentRecord[]; readonly nextCursor?: string }> {
    const limit = Math.min(MAX_PAGE, Math.max(1, query.limit ?? DEFAULT_PAGE));
    const after = query.cursor === undefined ? '' : Buffer.from(query.cursor, 'base64url').toString('utf8');
    const allowed = await allowedDocuments(this.graph, workspace, { filter: query.filter, memory: this.memory });
    const [cypher, more] = allowed === undefined ? [DOCUMENTS, {}] : [DOCUMENTS_WITHIN, { allowed: allowed.keys }];
    // One more than asked tells whether there is a further page.
    const { documents: rows } = await this.graph.look<{ documents: DocumentRow[] }>(workspace, cypher, { after, limit: limit + 1, ...more });
    const documents = rows.slice(0, limit).map(documentOf);
    const last = documents.at(-1);
    if (rows.length <= limit || last === undefined) return { documents };
    return { documents, nextCursor: Buffer.from(last.externalId, 'utf8').toString('base64url') };
  }

  override async document(workspace: WorkspaceRef, documentId: string): Promise<DocumentRecord> {
    const [found] = (await this.graph.look<{ documents: DocumentRow[] }>(workspace, DOCUMENT, { id: documentId })).documents;
    if (found === undefined) throw GraphError.documentNotFound(documentId);
    return documentOf(found);
  }

  override async contentHashes(workspace: WorkspaceRef, externalIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return new Map((await this.graph.look<{ hashes: [string, string][] }>(workspace, CONTENT_HASHES, { externalIds })).hashes);
  }

  override async changesSince(workspace: WorkspaceRef, indexVersion: number): Promise<IndexChanges> {
    const row = await this.graph.look<{ version: number; changesFrom: number; changes: [added: number[], removed: number[]][] }>(workspace, CHANGES, { after: indexVersion });
    const complete = indexVersion >= row.changesFrom;
    const last = new Map<number, boolean>();
    for (const [added, removed] of complete ? row.changes : []) {
      for (const key of added) last.set(key, true);
      for (const key of removed) last.set(key, false);
    }
    const having = (isThere: boolean): Int32Array => Int32Array.from([...last].filter(([, flag]) => flag === isThere).map(([key]) => key));
    return { indexVersion: row.version, complete, addedPassages: having(true), removedPassages: having(false) };
  }
}
