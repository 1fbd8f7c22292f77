import { Body, Controller, Headers, HttpCode, HttpStatus, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CurrentCaller } from '../../auth/current-caller.decorator.ts';
import { Requires } from '../../auth/requires.decorator.ts';
import type { Caller } from '../../common/http/principal.types.ts';
import { readerSignal, sendEvents } from '../../common/http/sse.ts';
import { ShutdownService } from '../../common/lifecycle/shutdown.service.ts';
import { givenFilter } from '../../graph/passage-filter.types.ts';
import { WorkspaceAccess } from '../../graph/workspace-access.service.ts';
import { ChatService } from '../chat.service.ts';
import type { ChatEvent, ChatRequest } from '../chat.types.ts';
import { type ChatBody, chatBody } from './chat.schemas.ts';

@Controller('chat')
export class ChatController {
  constructor(
    private readonly chat: ChatService,
    private readonly access: WorkspaceAccess,
    private readonly shutdown: ShutdownService,
  ) {}

  @Post()
  @HttpCode(HttpStatus.OK)
  @Requires('read')
  async answer(
    @Body({ schema: chatBody }) body: ChatBody,
    @Headers('accept') accept: string | undefined,
    @CurrentCaller() caller: Caller,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { message, topK, sessionId } = body;
    const request: ChatRequest = {
      workspace: await this.access.resolve(caller, body.workspace),
      subject: caller.principal.subject,
      message,
      topK,
      signal: readerSignal(reply, this.shutdown.signal),
      ...(sessionId === undefined ? {} : { sessionId }),
      ...givenFilter(body.filter),
    };
    if (body.stream || accept?.includes('text/event-stream') === true) await this.#stream(request, reply);
    else await reply.send(await this.chat.ask(request));
  }

  async #stream(request: ChatRequest, reply: FastifyReply): Promise<void> {
    const events = this.chat.answer(request);
    // The first step is taken before the head is sent, so that a question that cannot be answered at all gets its own status.
    const first = await events.next();
    await sendEvents(reply, following(first, events), { signal: this.shutdown.signal });
  }
}

async function* following(first: IteratorResult<ChatEvent, void>, rest: AsyncGenerator<ChatEvent, void>): AsyncGenerator<ChatEvent, void> {
  try {
    if (first.done === true) return;
    yield first.value;
    yield* rest;
  } finally {
    await rest.return();
  }
}
