import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../common/clock/clock.port.ts';
import type { Workspace } from '../../graph/graph.types.ts';
import { StoredEntities, type StoredEntity } from '../../graph/stored-entities.port.ts';
import { IngestionError } from '../ingestion.errors.ts';
import { EntityResolver, type Resolution } from './entity-resolver.service.ts';
import { ModelJudge } from './model-judge.service.ts';
import { ResolutionRecords } from './resolution-records.ts';
import type { Resolved } from './resolution.types.ts';

const PAGE = 500;
/** Merges of one transaction. */
const AT_ONCE = 1000;

/** One resolution of all entities of a workspace. */
export interface ResolutionRequest {
  readonly workspace: Workspace;
  /** Find out and change nothing. */
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number; readonly unit: 'pairs' }) => void;
}

/** What a resolution found, and what it changed. */
export interface ResolutionReport extends Resolution {
  readonly entities: number;
  readonly declared: number;
  readonly forgotten: number;
  readonly seconds: number;
}

/** Finds out which entities are one and declares them so, undoably. What people declared or keep apart it leaves as it is. */
@Injectable()
export class ResolutionService {
  private readonly logger = new Logger(ResolutionService.name);

  constructor(
    private readonly entities: StoredEntities,
    private readonly resolver: EntityResolver,
    private readonly judge: ModelJudge,
    private readonly records: ResolutionRecords,
    private readonly clock: Clock,
  ) {}

  /**
   * Resolves all entities anew: what a run before declared and this one does not find is forgotten, so the result depends on the
   * documents there are and not on the runs before.
   * @throws GraphError, StorageError, ModelError; the signal's reason. Broken off, the next run completes it and asks the model nothing twice
   */
  async resolve({ workspace, dryRun, signal, onProgress }: ResolutionRequest): Promise<ResolutionReport> {
    const started = this.clock.monotonic();
    const before = await this.records.merged(workspace);
    const merges = new Map((await this.entities.merges(workspace)).map(({ entityId, intoId }) => [entityId, intoId]));
    // What a person merged is no longer ours to decide.
    const byHand = new Set([...merges].filter(([entityId, intoId]) => before.get(entityId)?.intoId !== intoId).map(([entityId]) => entityId));
    const all = (await this.#all(workspace, signal)).filter(({ id }) => !byHand.has(id));
    const found = await this.resolver.resolve(all, {
      workspaceUid: workspace.uid,
      signal,
      apart: await this.records.apart(workspace),
      onProgress: (done, total) => onProgress?.({ done, total, unit: 'pairs' }),
      ...(this.judge.wanted && dryRun !== true ? { ask: (questions) => this.judge.judge(questions, { workspace, signal, onSettled: () => undefined }) } : {}),
    });
    const now = new Map(found.merges.map((merge) => [merge.entityId, merge]));
    const declare = found.merges.filter(({ entityId, intoId }) => merges.get(entityId) !== intoId);
    const forget = [...before.keys()].filter((id) => !now.has(id));
    if (dryRun !== true) await this.#apply(workspace, { now, declare, forget });
    const seconds = Math.round(this.clock.monotonic() - started) / 1000;
    const report = { ...found, entities: all.length, declared: declare.length, forgotten: forget.length, seconds };
    this.logger.log({ workspace: workspace.slug, ...report, merges: found.merges.length }, 'entities were resolved');
    return report;
  }

  /** The merges that resolution made, by the name of what was merged. */
  async made(workspace: Workspace): Promise<Resolved[]> {
    return [...(await this.records.merged(workspace)).values()].toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  }

  /** The same, at most `limit` a page; a page stands where it stood, whatever was taken back meanwhile. */
  async page(workspace: Workspace, { cursor, limit }: { readonly cursor?: string; readonly limit: number }): Promise<{ readonly merges: readonly Resolved[]; readonly nextCursor?: string }> {
    const after = cursor === undefined ? '' : Buffer.from(cursor, 'base64url').toString('utf8');
    const left = (await this.made(workspace)).filter((merge) => placeOf(merge) > after);
    const merges = left.slice(0, limit);
    const last = merges.at(-1);
    if (last === undefined || left.length === merges.length) return { merges };
    return { merges, nextCursor: Buffer.from(placeOf(last), 'utf8').toString('base64url') };
  }

  /** Forgets all that resolution declared; returns how many. */
  async undoAll(workspace: Workspace): Promise<number> {
    const ids = [...(await this.records.merged(workspace)).keys()];
    await this.#forget(workspace, ids);
    return ids.length;
  }

  /**
   * Forgets one merge, and keeps the two apart from then on.
   * @throws IngestionError `merge-not-found`
   */
  async undo(workspace: Workspace, entityId: string): Promise<Resolved> {
    const merge = (await this.records.merged(workspace)).get(entityId);
    if (merge === undefined) throw new IngestionError('merge-not-found', `Resolution has merged no entity with the id ${entityId.slice(0, 80)}.`, { remedy: 'Use an id that GET /merges, or `resolve --list`, shows.' });
    await this.records.keepApart(workspace, merge.entityId, merge.intoId);
    await this.#forget(workspace, [entityId]);
    return merge;
  }

  /** In this order a process that dies in between leaves nothing that the next run does not find and settle. */
  async #apply(workspace: Workspace, change: { readonly now: ReadonlyMap<string, Resolved>; readonly declare: readonly Resolved[]; readonly forget: readonly string[] }): Promise<void> {
    await this.#forget(workspace, change.forget);
    await this.records.putMerged(workspace, [...change.now.values()]);
    for (let i = 0; i < change.declare.length; i += AT_ONCE) await this.entities.declare(workspace, change.declare.slice(i, i + AT_ONCE).map(({ entityId, intoId }) => ({ entityId, intoId })));
  }

  async #forget(workspace: Workspace, entityIds: readonly string[]): Promise<void> {
    await this.entities.forget(workspace, entityIds);
    await this.records.deleteMerged(workspace, entityIds);
  }

  async #all(workspace: Workspace, signal: AbortSignal | undefined): Promise<StoredEntity[]> {
    const all: StoredEntity[] = [];
    for (let after: string | undefined; ; ) {
      signal?.throwIfAborted();
      const page = await this.entities.page(workspace, { limit: PAGE, ...(after === undefined ? {} : { after }) });
      all.push(...page.entities);
      if (page.next === undefined) return all;
      after = page.next;
    }
  }
}

/** Where a merge stands in a list: by name. */
function placeOf({ name, entityId }: Resolved): string {
  return `${name}\u0000${entityId}`;
}
