import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Injectable } from '@nestjs/common';
import { AppError } from '../../common/errors/app-error.ts';
import { describeError } from '../../common/errors/describe-error.ts';
import { WorkspaceService } from '../../graph/workspace.service.ts';
import { Applications } from '../applications.ts';
import { describeWorkspace, type WorkspaceView } from '../workspaces.ts';

/** What is found of a data folder. */
export interface DataFolderState {
  readonly path: string;
  readonly ok: boolean;
  readonly exists: boolean;
  readonly freeBytes?: number;
  readonly workspaces?: readonly WorkspaceView[];
  /** Why it cannot be used. */
  readonly fault?: string;
}

/** Looks at a data folder without making one. */
@Injectable()
export class DataFolderInspector {
  constructor(private readonly applications: Applications) {}

  async inspect(dataDir: string): Promise<DataFolderState> {
    const path = resolve(dataDir);
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) return { path, ok: true, exists: false };
    if (!found.isDirectory()) return { path, ok: false, exists: true, fault: 'is no folder' };
    try {
      await access(path, constants.W_OK);
      const { bavail, bsize } = await statfs(path);
      return { path, ok: true, exists: true, freeBytes: bavail * bsize, workspaces: await this.workspaces(dataDir) };
    } catch (error) {
      const code = error instanceof AppError ? `${error.code}: ` : '';
      return { path, ok: false, exists: true, fault: `${code}${describeError(error)}` };
    }
  }

  private workspaces(dataDir: string): Promise<WorkspaceView[]> {
    return this.applications.use({ DATA_DIR: dataDir }, async (app) => {
      const views: WorkspaceView[] = [];
      for (const workspace of await app.get(WorkspaceService, { strict: false }).list()) views.push(await describeWorkspace(app, workspace));
      return views;
    });
  }
}
