import { readdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { isAbort } from '../common/errors/describe-error.ts';
import { projectRoot } from '../config/project-root.ts';
import type { Workspace } from '../graph/graph.types.ts';
import { GUIDE_RECORD } from '../graph/workspace-access.service.ts';
import { WorkspaceStore } from '../graph/workspace-store.port.ts';
import { RecordStore } from '../storage/record-store.port.ts';
import { SYSTEM_SCOPE } from '../storage/storage.types.ts';
import { IngestionService } from './ingestion.service.ts';
import type { Source } from './ingestion.types.ts';

const SLUG = 'guide';
const FILES = ['README.md', 'ARCHITECTURE.md'];
const FOLDER = 'docs';

/**
 * Keeps a workspace with the project's own documents, so that there is something to ask at once. It is made at the first start only:
 * who drops it does not get it back. Nothing waits for it.
 */
@Injectable()
export class GuideService implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger(GuideService.name);
  readonly #stop = new AbortController();
  #syncing: Promise<void> = Promise.resolve();

  constructor(
    private readonly workspaces: WorkspaceStore,
    private readonly records: RecordStore,
    private readonly ingestion: IngestionService,
  ) {}

  onApplicationBootstrap(): void {
    this.#syncing = this.#sync();
  }

  onModuleDestroy(): void {
    this.#stop.abort();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#syncing;
  }

  async #sync(): Promise<void> {
    try {
      const workspace = await this.#workspace();
      if (workspace === undefined) return;
      const sources = await guideSources(projectRoot());
      await this.ingestion.ingest({ workspace, sources, extractor: 'rules', prune: true, signal: this.#stop.signal });
    } catch (error) {
      if (isAbort(error)) return;
      this.logger.warn({ err: error }, 'the guide could not be brought up to date; all else works without it');
    }
  }

  async #workspace(): Promise<Workspace | undefined> {
    const record = await this.records.get(SYSTEM_SCOPE, GUIDE_RECORD);
    const workspace = await this.workspaces.find(SLUG);
    if (record === undefined) return workspace === undefined ? await this.#create() : undefined;
    const { uid } = record.value as { readonly uid?: string };
    // A start that was killed between its intent and its end: what it made is the guide.
    if (uid === undefined) return await this.#own(workspace ?? (await this.workspaces.create(SLUG)));
    // Someone's own workspace may have taken the name of a guide that was dropped.
    return workspace?.uid === uid ? workspace : undefined;
  }

  async #create(): Promise<Workspace> {
    // The intent comes first, so that a workspace of that name is known for the guide even if the process dies in between.
    await this.records.put(SYSTEM_SCOPE, GUIDE_RECORD, {}, { ifVersion: 0 });
    return await this.#own(await this.workspaces.create(SLUG));
  }

  async #own(workspace: Workspace): Promise<Workspace> {
    await this.records.put(SYSTEM_SCOPE, GUIDE_RECORD, { uid: workspace.uid });
    return workspace;
  }
}

/** The project's own documents, by path. */
export async function guideSources(root: string): Promise<Source[]> {
  const folder = join(root, FOLDER);
  const below = existsSync(folder) ? await readdir(folder, { recursive: true }) : [];
  const names = [...FILES, ...below.filter((name) => name.endsWith('.md')).map((name) => join(FOLDER, name))];
  return names
    .filter((name) => existsSync(join(root, name)))
    .sort()
    .map((name) => ({ kind: 'file', path: join(root, name), root }));
}
