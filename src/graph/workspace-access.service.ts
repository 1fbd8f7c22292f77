import { Injectable } from '@nestjs/common';
import { type Caller, includesRole } from '../common/http/principal.types.ts';
import { RecordStore } from '../storage/record-store.port.ts';
import { SYSTEM_SCOPE } from '../storage/storage.types.ts';
import { GraphError } from './graph.errors.ts';
import type { Workspace } from './graph.types.ts';
import { WorkspaceStore } from './workspace-store.port.ts';

/** The record in which the uid of the service's own workspace stands. */
export const GUIDE_RECORD = 'guide';

/** From the name in a request to a workspace the caller may use. What is foreign and what does not exist look the same. */
@Injectable()
export class WorkspaceAccess {
  constructor(
    private readonly workspaces: WorkspaceStore,
    private readonly records: RecordStore,
  ) {}

  /**
   * @param slug nothing: the caller's only workspace, the guide not counted
   * @throws GraphError `workspace-not-found`, `workspace-required`, `right-missing`
   */
  async resolve(caller: Caller, slug: string | undefined): Promise<Workspace> {
    if (slug === undefined) return await this.#onlyOne(caller);
    const workspace = await this.workspaces.find(slug);
    if (workspace === undefined || !this.#sees(caller, workspace.uid)) throw GraphError.workspaceNotFound(slug);
    if (!this.mayUse(caller, workspace.uid)) {
      throw new GraphError('right-missing', `Your key may not do this in "${slug}"; it needs the role "${caller.role}".`, {
        remedy: 'Use a key with that role, or ask an administrator for one.',
      });
    }
    return workspace;
  }

  /** Whether the caller's role in a workspace is enough for the handler. */
  mayUse(caller: Caller, uid: string): boolean {
    if (caller.principal.instanceAdmin) return true;
    const role = caller.principal.grants.get(uid);
    return role !== undefined && includesRole(role, caller.role);
  }

  /** The workspaces the caller sees, by slug. */
  async visible(caller: Caller): Promise<Workspace[]> {
    const all = await this.workspaces.list();
    return all.filter((workspace) => this.#sees(caller, workspace.uid));
  }

  #sees(caller: Caller, uid: string): boolean {
    return caller.principal.instanceAdmin || caller.principal.grants.has(uid);
  }

  async #onlyOne(caller: Caller): Promise<Workspace> {
    const guide = (await this.records.get(SYSTEM_SCOPE, GUIDE_RECORD))?.value as { uid?: string } | undefined;
    const visible = await this.visible(caller);
    const [only, ...others] = visible.filter((each) => each.uid !== guide?.uid);
    // For the instance admin, who sees all, a sole workspace today may be one of many tomorrow.
    if (only !== undefined && others.length === 0 && !caller.principal.instanceAdmin) return await this.resolve(caller, only.slug);
    throw new GraphError('workspace-required', 'Say which workspace you mean.', {
      remedy: 'Set "workspace" in the body, or ?workspace= where there is no body; GET /workspaces lists yours.',
      details: { workspaces: visible.map((each) => each.slug) },
    });
  }
}
