import { Controller, Delete, Get, HttpCode, HttpStatus, Param, Query } from '@nestjs/common';
import { CurrentCaller } from '../../auth/current-caller.decorator.ts';
import { Requires } from '../../auth/requires.decorator.ts';
import type { Caller } from '../../common/http/principal.types.ts';
import { WorkspaceAccess } from '../../graph/workspace-access.service.ts';
import type { Session, SessionSummary } from '../session.types.ts';
import { type SessionOwner, SessionService } from '../session.service.ts';
import { type SessionQuery, sessionQuery, type SessionsQuery, sessionsQuery } from './chat.schemas.ts';

/** The caller's own conversations in a workspace. */
@Controller('sessions')
export class SessionsController {
  constructor(
    private readonly sessions: SessionService,
    private readonly access: WorkspaceAccess,
  ) {}

  @Get()
  @Requires('read')
  async list(
    @Query({ schema: sessionsQuery }) query: SessionsQuery,
    @CurrentCaller() caller: Caller,
  ): Promise<{ readonly sessions: readonly SessionSummary[]; readonly nextCursor?: string }> {
    return await this.sessions.list(await this.#owner(caller, query), query.cursor);
  }

  @Get(':id')
  @Requires('read')
  async get(@Param('id') id: string, @Query({ schema: sessionQuery }) query: SessionQuery, @CurrentCaller() caller: Caller): Promise<Session> {
    return await this.sessions.get(await this.#owner(caller, query), id);
  }

  @Delete(':id')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Requires('read')
  async delete(@Param('id') id: string, @Query({ schema: sessionQuery }) query: SessionQuery, @CurrentCaller() caller: Caller): Promise<void> {
    await this.sessions.delete(await this.#owner(caller, query), id);
  }

  async #owner(caller: Caller, query: SessionQuery): Promise<SessionOwner> {
    return { workspace: await this.access.resolve(caller, query.workspace), subject: caller.principal.subject };
  }
}
