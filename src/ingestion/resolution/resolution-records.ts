import { Injectable } from '@nestjs/common';
import type { WorkspaceRef } from '../../graph/graph.types.ts';
import { RecordStore } from '../../storage/record-store.port.ts';
import { type JsonValue, type RecordOperation, workspaceScope } from '../../storage/storage.types.ts';
import type { Namesakes, Resolved } from './resolution.types.ts';

const MERGED = 'resolution/merge/';
const APART = 'resolution/apart/';
const NAMESAKES = 'resolution/namesakes/';
const ONE_PERSON = 'resolution/one-person/';
const AT_ONCE = 100;

/** What resolution did and was told: its merges with their reasons, the namesakes it told apart, and what somebody decided otherwise. */
@Injectable()
export class ResolutionRecords {
  constructor(private readonly records: RecordStore) {}

  /** The merges resolution made, by the entity merged away. */
  async merged(workspace: WorkspaceRef): Promise<Map<string, Resolved>> {
    return new Map((await this.#all(workspace, MERGED)).map(({ value }) => [(value as unknown as Resolved).entityId, value as unknown as Resolved]));
  }

  async putMerged(workspace: WorkspaceRef, merges: readonly Resolved[]): Promise<void> {
    await this.#write(workspace, merges.map((merge) => ({ kind: 'put', key: MERGED + merge.entityId, value: merge as unknown as JsonValue })));
  }

  async deleteMerged(workspace: WorkspaceRef, entityIds: readonly string[]): Promise<void> {
    await this.#write(workspace, entityIds.map((id) => ({ kind: 'delete', key: MERGED + id })));
  }

  /** Tells of two entities, in any order, whether somebody keeps them apart. */
  async apart(workspace: WorkspaceRef): Promise<(first: string, second: string) => boolean> {
    const keys = new Set((await this.#all(workspace, APART)).map(({ key }) => key));
    return (first, second) => keys.has(apartKey(first, second));
  }

  async keepApart(workspace: WorkspaceRef, first: string, second: string): Promise<void> {
    await this.records.put(workspaceScope(workspace), apartKey(first, second), true);
  }

  /** The namesakes that were told apart, by id. */
  async namesakes(workspace: WorkspaceRef): Promise<Map<string, Namesakes>> {
    return new Map((await this.#all(workspace, NAMESAKES)).map(({ key, value }) => [key.slice(NAMESAKES.length), value as unknown as Namesakes]));
  }

  async putNamesakes(workspace: WorkspaceRef, found: readonly Namesakes[]): Promise<void> {
    await this.#write(workspace, found.map((each) => ({ kind: 'put', key: NAMESAKES + each.id, value: each as unknown as JsonValue })));
  }

  async deleteNamesakes(workspace: WorkspaceRef, ids: readonly string[]): Promise<void> {
    await this.#write(workspace, ids.map((id) => ({ kind: 'delete', key: NAMESAKES + id })));
  }

  /** Ids of names of which somebody said that they are of one person. */
  async onePersons(workspace: WorkspaceRef): Promise<ReadonlySet<string>> {
    return new Set((await this.#all(workspace, ONE_PERSON)).map(({ key }) => key.slice(ONE_PERSON.length)));
  }

  async keepOne(workspace: WorkspaceRef, id: string): Promise<void> {
    await this.records.put(workspaceScope(workspace), ONE_PERSON + id, true);
  }

  async #all(workspace: WorkspaceRef, prefix: string): Promise<{ readonly key: string; readonly value: JsonValue }[]> {
    const found: { readonly key: string; readonly value: JsonValue }[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await this.records.list(workspaceScope(workspace), prefix, { limit: AT_ONCE, ...(cursor === undefined ? {} : { cursor }) });
      found.push(...page.records);
      if (page.nextCursor === undefined) return found;
      cursor = page.nextCursor;
    }
  }

  async #write(workspace: WorkspaceRef, operations: readonly RecordOperation[]): Promise<void> {
    for (let i = 0; i < operations.length; i += AT_ONCE) await this.records.transact(workspaceScope(workspace), operations.slice(i, i + AT_ONCE));
  }
}

function apartKey(first: string, second: string): string {
  return `${APART}${[first, second].toSorted().join('/')}`;
}
