import { InFlight } from '../common/lifecycle/in-flight.ts';
import { ShutdownService } from '../common/lifecycle/shutdown.service.ts';
import { OpenAiChatModel } from './adapters/openai-chat-model.ts';
import type { ChatModel } from './chat-model.port.ts';
import type { GatewayCore } from './gateway-core.types.ts';
import { ModelClient } from './model-client.port.ts';
import type { BodyOf, ModelAnswer, ModelCall, ModelEvent, ModelUsage } from './models.types.ts';
import { NO_USAGE } from './model-usage.ts';
import { RunningCall } from './running-call.ts';

/** How long a closing client waits for its calls; requests were waited for before. */
const DRAIN_MS = 5000;

interface OpenedStream {
  readonly events: AsyncGenerator;
  readonly first: IteratorResult<unknown>;
}

/** A client of the gateway; see the port. */
export class GatewayClient extends ModelClient {
  override readonly name: string;
  override readonly chatModel: ChatModel;
  readonly #core: GatewayCore;
  readonly #calls = new InFlight();
  readonly #closing = new AbortController();
  #closed = false;

  constructor(name: string, core: GatewayCore) {
    super();
    this.name = name;
    this.#core = core;
    this.chatModel = new OpenAiChatModel(this);
  }

  override get configured(): boolean {
    return this.#core.config.baseUrl !== undefined;
  }

  override get inFlight(): number {
    return this.#calls.count;
  }

  override async post(call: ModelCall, body: BodyOf): Promise<ModelAnswer> {
    const upstream = this.#core.upstream();
    const running = this.#begin(call);
    try {
      await running.enter();
      const answer = await running.send(body, (asked, signal) => upstream.post(call.kind, asked, signal));
      const usage = running.usageOf(answer) ?? NO_USAGE;
      running.succeeded(usage);
      return { body: answer, usage };
    } catch (error) {
      throw running.failed(error);
    } finally {
      running.end();
    }
  }

  override async *stream(call: ModelCall, body: BodyOf): AsyncGenerator<ModelEvent, void, undefined> {
    const upstream = this.#core.upstream();
    const running = this.#begin(call);
    try {
      await running.enter();
      const opened = await running.send(body, async (asked, signal): Promise<OpenedStream> => {
        const events = upstream.stream(call.kind, asked, signal);
        return { events, first: await events.next() };
      });
      running.succeeded(yield* eventsOf(running, opened));
    } catch (error) {
      throw running.failed(error);
    } finally {
      running.end();
    }
  }

  override async close(): Promise<void> {
    this.#closed = true;
    const drained = new AbortController();
    const expire = (): void => {
      this.#closing.abort(ShutdownService.refusal());
    };
    this.#core.clock.sleep(DRAIN_MS, drained.signal).then(expire, () => undefined);
    await this.#calls.drained();
    drained.abort();
  }

  #begin(call: ModelCall): RunningCall {
    if (this.#closed) throw ShutdownService.refusal();
    return new RunningCall(this.#core, call, this.#closing.signal, this.#calls.enter());
  }
}

/** Passes the events on and returns the last usage told among them. */
async function* eventsOf(running: RunningCall, { events, first }: OpenedStream): AsyncGenerator<ModelEvent, ModelUsage | undefined, undefined> {
  let last: ModelUsage | undefined;
  try {
    for (let at = first; at.done !== true; at = await running.guarded(() => events.next())) {
      const usage = running.usageOf(at.value);
      last = usage ?? last;
      running.pauseDeadline();
      yield { body: at.value, usage };
      running.resumeDeadline();
    }
    return last;
  } finally {
    // Not waited for: it ends when the connection is given up, which the end of the call sees to.
    events.return(undefined).catch(() => undefined);
  }
}
