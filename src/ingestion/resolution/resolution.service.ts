import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../common/clock/clock.port.ts';
import type { Workspace } from '../../graph/graph.types.ts';
import { type GivenSense, StoredEntities, type StoredEntity } from '../../graph/stored-entities.port.ts';
import { IngestionError } from '../ingestion.errors.ts';
import { EntityResolver, type Resolution } from './entity-resolver.service.ts';
import { type JudgeContext, ModelJudge } from './model-judge.service.ts';
import { type NamesakeFindings, NamesakeResolver } from './namesake-resolver.service.ts';
import { ResolutionRecords } from './resolution-records.ts';
import type { Namesakes, Resolved } from './resolution.types.ts';
import { senseKey } from './senses.ts';

const PAGE = 500;
/** Merges of one transaction. */
const AT_ONCE = 1000;
/** Documents of which mentions move in one transaction. */
const MOVED_AT_ONCE = 200;

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
  /** Names that several persons bear who were told apart. */
  readonly namesakes: readonly Namesakes[];
  /** Mentions that now are of another of several persons. */
  readonly moved: number;
  readonly seconds: number;
}

/** What finds out who is one and who is two. */
@Injectable()
export class Resolvers {
  constructor(
    readonly entities: EntityResolver,
    readonly namesakes: NamesakeResolver,
    private readonly judge: ModelJudge,
  ) {}

  /** Asks the model, if there is one to ask. */
  asking(context: Omit<JudgeContext, 'onSettled'>): ((questions: readonly Readonly<Record<string, unknown>>[]) => ReturnType<ModelJudge['judge']>) | undefined {
    return this.judge.wanted ? (questions) => this.judge.judge(questions, { ...context, onSettled: () => undefined }) : undefined;
  }
}

interface Named {
  readonly all: readonly StoredEntity[];
  readonly findings: NamesakeFindings;
  readonly moved: number;
}

/** Finds out which entities are one and which names are of several, undoably. What people declared or keep apart it leaves as it is. */
@Injectable()
export class ResolutionService {
  private readonly logger = new Logger(ResolutionService.name);

  constructor(
    private readonly entities: StoredEntities,
    private readonly resolvers: Resolvers,
    private readonly records: ResolutionRecords,
    private readonly clock: Clock,
  ) {}

  /**
   * Resolves all entities anew: what a run before declared and this one does not find is forgotten, so the result depends on the
   * documents there are and not on the runs before.
   * @throws GraphError, StorageError, ModelError; the signal's reason. Broken off, the next run completes it and asks the model nothing twice
   */
  async resolve(request: ResolutionRequest): Promise<ResolutionReport> {
    const { workspace, dryRun = false, signal, onProgress } = request;
    const started = this.clock.monotonic();
    const before = await this.records.merged(workspace);
    const merges = new Map((await this.entities.merges(workspace)).map(({ entityId, intoId }) => [entityId, intoId]));
    // What a person merged is no longer ours to decide.
    const byHand = [...merges].filter(([entityId, intoId]) => before.get(entityId)?.intoId !== intoId);
    const { all, findings, moved } = await this.#tellApart(request, new Set(byHand.flat()));
    const mergedByHand = new Set(byHand.map(([entityId]) => entityId));
    const rest = all.filter(({ id }) => !mergedByHand.has(id));
    const found = await this.resolvers.entities.resolve(rest, {
      workspaceUid: workspace.uid,
      signal,
      apart: either(apartFrom(findings.namesakes, rest), await this.records.apart(workspace)),
      onProgress: (done, total) => onProgress?.({ done, total, unit: 'pairs' }),
      ask: dryRun ? undefined : this.resolvers.asking({ workspace, signal, prompt: 'resolve' }),
    });
    const now = new Map(found.merges.map((merge) => [merge.entityId, merge]));
    const declare = found.merges.filter(({ entityId, intoId }) => merges.get(entityId) !== intoId);
    const forget = [...before.keys()].filter((id) => !now.has(id));
    if (!dryRun) await this.#apply(workspace, { now, declare, forget });
    const seconds = Math.round(this.clock.monotonic() - started) / 1000;
    const report = { ...found, modelCalls: found.modelCalls + findings.modelCalls, entities: rest.length, declared: declare.length, forgotten: forget.length, namesakes: findings.namesakes, moved, seconds };
    this.logger.log({ workspace: workspace.slug, ...report, merges: found.merges.length, namesakes: findings.namesakes.length }, 'entities were resolved');
    return report;
  }

  /** The names of several persons that were told apart, by name. */
  async namesakes(workspace: Workspace): Promise<Namesakes[]> {
    return [...(await this.records.namesakes(workspace)).values()].toSorted((a, b) => (a.norm < b.norm ? -1 : 1));
  }

  /**
   * Makes several persons of a name one again, for good.
   * @param id of the namesakes
   * @throws IngestionError `merge-not-found`
   */
  async makeOne(workspace: Workspace, id: string): Promise<Namesakes> {
    const found = (await this.records.namesakes(workspace)).get(id);
    if (found === undefined) throw notFound(id);
    await this.records.keepOne(workspace, id);
    await this.#giveBack(workspace, [found]);
    return found;
  }

  /** The merges that resolution made, by the name of what was merged. */
  async made(workspace: Workspace): Promise<Resolved[]> {
    return [...(await this.records.merged(workspace)).values()].toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  }

  /** The same, at most `limit` a page; a page stands where it stood, whatever was taken back meanwhile. */
  async page(workspace: Workspace, query: PageQuery): Promise<{ readonly merges: readonly Resolved[]; readonly nextCursor?: string }> {
    const { items, ...next } = pageOf(await this.made(workspace), placeOf, query);
    return { merges: items, ...next };
  }

  /** The namesakes, a page of them in the same way. */
  async namesakesPage(workspace: Workspace, query: PageQuery): Promise<{ readonly namesakes: readonly Namesakes[]; readonly nextCursor?: string }> {
    const { items, ...next } = pageOf(await this.namesakes(workspace), ({ norm }) => norm, query);
    return { namesakes: items, ...next };
  }

  /** Forgets all that resolution declared and told apart; returns how many merges and names. */
  async undoAll(workspace: Workspace): Promise<number> {
    const ids = [...(await this.records.merged(workspace)).keys()];
    await this.#forget(workspace, ids);
    const namesakes = await this.namesakes(workspace);
    await this.#giveBack(workspace, namesakes);
    return ids.length + namesakes.length;
  }

  /**
   * Forgets one merge, and keeps the two apart from then on.
   * @throws IngestionError `merge-not-found`
   */
  async undo(workspace: Workspace, entityId: string): Promise<Resolved> {
    const merge = (await this.records.merged(workspace)).get(entityId);
    if (merge === undefined) throw notFound(entityId);
    await this.records.keepApart(workspace, merge.entityId, merge.intoId);
    await this.#forget(workspace, [entityId]);
    return merge;
  }

  /**
   * Gives the documents of namesakes their senses, before entities are compared: each person is one of them then. Records come first and
   * go last, so that what is ingested meanwhile goes by them, and a process that dies in between leaves what the next run finds and settles.
   */
  async #tellApart({ workspace, dryRun, signal }: ResolutionRequest, byHand: ReadonlySet<string>): Promise<Named> {
    const all = await this.#all(workspace, signal);
    const ask = dryRun === true ? undefined : this.resolvers.asking({ workspace, signal, prompt: 'namesakes' });
    const findings = await this.resolvers.namesakes.find(all.filter(({ id }) => !byHand.has(id)), { workspace, signal, ask });
    if (dryRun === true) return { all, findings, moved: 0 };
    const kept = new Set(findings.namesakes.map(({ id }) => id));
    const gone = [...(await this.records.namesakes(workspace)).keys()].filter((id) => !kept.has(id));
    await this.records.putNamesakes(workspace, findings.namesakes);
    const moved = await this.#giveSenses(workspace, findings.changes);
    await this.records.deleteNamesakes(workspace, gone);
    return { all: moved > 0 ? await this.#all(workspace, signal) : all, findings, moved };
  }

  async #giveBack(workspace: Workspace, namesakes: readonly Namesakes[]): Promise<void> {
    await this.#giveSenses(workspace, namesakes.flatMap(({ norm, type, senses }) => Object.keys(senses).map((documentId) => ({ documentId, norm, type, sense: '' }))));
    await this.records.deleteNamesakes(workspace, namesakes.map(({ id }) => id));
  }

  async #giveSenses(workspace: Workspace, given: readonly GivenSense[]): Promise<number> {
    let moved = 0;
    for (let i = 0; i < given.length; i += MOVED_AT_ONCE) moved += await this.entities.giveSenses(workspace, given.slice(i, i + MOVED_AT_ONCE));
    return moved;
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

interface PageQuery {
  readonly cursor?: string;
  readonly limit: number;
}

/** A page of what stands in rising order of a place. */
function pageOf<T>(all: readonly T[], place: (item: T) => string, { cursor, limit }: PageQuery): { readonly items: readonly T[]; readonly nextCursor?: string } {
  const after = cursor === undefined ? '' : Buffer.from(cursor, 'base64url').toString('utf8');
  const left = all.filter((item) => place(item) > after);
  const items = left.slice(0, limit);
  const last = items.at(-1);
  if (last === undefined || left.length === items.length) return { items };
  return { items, nextCursor: Buffer.from(place(last), 'utf8').toString('base64url') };
}

/** Where a merge stands in a list: by name. */
function placeOf({ name, entityId }: Resolved): string {
  return `${name}\u0000${entityId}`;
}

function notFound(id: string): IngestionError {
  return new IngestionError('merge-not-found', `Resolution has merged no entity and told no namesakes apart with the id ${id.slice(0, 80)}.`, {
    remedy: 'Use an id that GET /merges or GET /namesakes, or `resolve --list`, shows.',
  });
}

type Apart = (first: string, second: string) => boolean;

/** Namesakes that were told apart stay two, and what is open stays so. */
function apartFrom(namesakes: readonly Namesakes[], all: readonly StoredEntity[]): Apart {
  const told = new Set(namesakes.map(({ norm, type }) => senseKey(norm, type)));
  const keys = new Map(all.map(({ id, norm, type }) => [id, senseKey(norm, type)] as const).filter(([, key]) => told.has(key)));
  return (first, second) => first !== second && keys.has(first) && keys.get(first) === keys.get(second);
}

function either(one: Apart, other: Apart): Apart {
  return (first, second) => one(first, second) || other(first, second);
}
