import { Injectable } from '@nestjs/common';
import { Clock } from '../../../common/clock/clock.port.ts';
import { IdSource } from '../../../common/clock/id-source.port.ts';
import { RecordStore } from '../../../storage/record-store.port.ts';
import { StorageError } from '../../../storage/storage.errors.ts';
import { type StoredRecord, SYSTEM_SCOPE } from '../../../storage/storage.types.ts';
import { GraphError } from '../../graph.errors.ts';
import type { Workspace, WorkspaceRef, WorkspaceStats } from '../../graph.types.ts';
import { checkSlug, isSlug } from '../../workspace-slug.ts';
import { WorkspaceStore } from '../../workspace-store.port.ts';
import { SqliteGraphFiles } from './sqlite-graph-files.ts';

const PREFIX = 'workspaces/';

/** Workspaces as one SQLite file each; which slug means which file stands in the record store. */
@Injectable()
export class SqliteWorkspaceStore extends WorkspaceStore {
  constructor(
    private readonly records: RecordStore,
    private readonly files: SqliteGraphFiles,
    private readonly clock: Clock,
    private readonly ids: IdSource,
  ) {
    super();
  }

  override async create(slug: string): Promise<Workspace> {
    checkSlug(slug);
    const workspace: Workspace = { slug, uid: this.ids.uuid(), createdAt: new Date(this.clock.now()).toISOString() };
    // The file comes first, so that whoever finds the record finds its indexes ready.
    await this.files.create(workspace);
    try {
      await this.records.put(SYSTEM_SCOPE, PREFIX + slug, { ...workspace }, { ifVersion: 0 });
    } catch (error) {
      await this.files.remove(workspace);
      if (error instanceof StorageError && error.code === 'record-conflict') {
        throw new GraphError('workspace-exists', `There is a workspace "${slug}" already.`, { remedy: 'Use it, or choose another name.', cause: error });
      }
      throw error;
    }
    return workspace;
  }

  override async find(slug: string): Promise<Workspace | undefined> {
    if (!isSlug(slug)) return undefined;
    const record = await this.records.get(SYSTEM_SCOPE, PREFIX + slug);
    return record === undefined ? undefined : workspaceOf(record);
  }

  override async list(): Promise<Workspace[]> {
    const found: Workspace[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.records.list(SYSTEM_SCOPE, PREFIX, cursor === undefined ? {} : { cursor });
      found.push(...page.records.map(workspaceOf));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return found;
  }

  override async drop(slug: string): Promise<boolean> {
    const workspace = await this.find(slug);
    if (workspace === undefined) return false;
    await this.records.delete(SYSTEM_SCOPE, PREFIX + slug);
    await this.files.remove(workspace);
    return true;
  }

  override async stats(workspace: WorkspaceRef): Promise<WorkspaceStats> {
    return await this.files.read(workspace, { module: 'read', operation: 'stats' });
  }

  override async ping(): Promise<void> {
    await this.records.ping();
  }
}

function workspaceOf(record: StoredRecord): Workspace {
  return record.value as unknown as Workspace;
}
