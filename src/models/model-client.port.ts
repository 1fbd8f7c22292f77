import type { ChatModel } from './chat-model.port.ts';
import type { BodyOf, ModelAnswer, ModelCall, ModelEvent } from './models.types.ts';

/**
 * One user's access to the gateway, with its own count of calls in flight. Each call waits for a place in its lane, has a deadline,
 * and is retried when that can help. All clients share the lanes, the connections and what was learnt of the server.
 */
export abstract class ModelClient {
  /** Who holds the client, for logs. */
  abstract readonly name: string;

  /** Whether a model server is configured. */
  abstract readonly configured: boolean;

  /** Calls of this client that have not ended, waiting ones included. */
  abstract readonly inFlight: number;

  /** The chat model over this client. */
  abstract readonly chatModel: ChatModel;

  /**
   * One whole answer. The deadline covers it to the end of its body: an interactive call from now on, a bulk call from when
   * its first attempt may go; waits between attempts count, waits for the server's limits do not.
   * @throws ModelError; the reason of `call.context.signal` as soon as it is aborted; RequestError `shutting-down` after `close`
   */
  abstract post(call: ModelCall, body: BodyOf): Promise<ModelAnswer>;

  /**
   * The events of a streamed answer, without the mark of its end. Attempts are repeated only before the first event. The deadline is
   * a watchdog: it covers the time to the first event and then each silence of the server, not the time the reader takes. Leaving
   * the loop cancels the call.
   * @throws as `post`; ModelError `model-unavailable` when the stream stops before its end
   */
  abstract stream(call: ModelCall, body: BodyOf): AsyncIterable<ModelEvent>;

  /** Refuses new calls and waits for the ones under way; what has not ended by the drain's deadline is cancelled. */
  abstract close(): Promise<void>;
}
