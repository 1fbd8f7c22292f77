import { Body, Controller, HttpCode, HttpStatus, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CurrentCaller } from '../../auth/current-caller.decorator.ts';
import { Requires } from '../../auth/requires.decorator.ts';
import type { Caller } from '../../common/http/principal.types.ts';
import { readerSignal } from '../../common/http/sse.ts';
import { ShutdownService } from '../../common/lifecycle/shutdown.service.ts';
import { checkedQuestion } from '../../common/text/question.ts';
import { givenFilter } from '../../graph/passage-filter.types.ts';
import { WorkspaceAccess } from '../../graph/workspace-access.service.ts';
import type { ModelUsage } from '../../models/models.types.ts';
import { type RetrievedPassage, type Timings, toldUsage, toldWarnings } from '../retrieval.types.ts';
import { RetrievalService } from '../retrieval.service.ts';
import { type RetrieveBody, retrieveBody } from './retrieve.schemas.ts';

interface RetrieveAnswer {
  readonly passages: readonly RetrievedPassage[];
  readonly timings: Timings;
  /** Tokens and cost of the chat model that was asked for the order; left out when none was. */
  readonly usage?: ModelUsage;
  /** What could not be used, in a sentence each; left out when there is nothing to say. */
  readonly warnings?: readonly string[];
}

@Controller('retrieve')
export class RetrieveController {
  constructor(
    private readonly retrieval: RetrievalService,
    private readonly access: WorkspaceAccess,
    private readonly shutdown: ShutdownService,
  ) {}

  @Post()
  @HttpCode(HttpStatus.OK)
  @Requires('read')
  async retrieve(
    @Body({ schema: retrieveBody }) body: RetrieveBody,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RetrieveAnswer> {
    const { passages, timings, usage, warnings } = await this.retrieval.retrieve({
      workspace: await this.access.resolve(caller, body.workspace),
      query: checkedQuestion(body.query),
      k: body.k,
      signal: readerSignal(reply, this.shutdown.signal),
      ...givenFilter(body.filter),
    });
    return { passages, timings, ...toldUsage(usage), ...toldWarnings(warnings) };
  }
}
