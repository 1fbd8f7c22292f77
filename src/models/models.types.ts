/** Which lane a call takes: a person waits for `interactive`; `bulk` is ingestion. */
export type Lane = 'interactive' | 'bulk';

/** What every call to a model server says about itself. */
export interface ModelCallContext {
  readonly lane: Lane;
  /** uid of the workspace the call is made for; the ledger counts by it. */
  readonly workspaceUid: string;
  /** What the call is for, e.g. `chat`, `rerank`, `extract`, `embed-query`, `embed-passages`. */
  readonly operation: string;
  readonly signal?: AbortSignal;
  /** Milliseconds after which the call is given up, where it is to be sooner than its lane's deadline. */
  readonly timeoutMs?: number;
  /** Told of each call that goes to a model server, retries not counted; what a cache answers is no call. */
  readonly onCall?: (() => void) | undefined;
}

export type ChatRole = 'system' | 'user' | 'assistant';

export interface ChatMessage {
  readonly role: ChatRole;
  readonly content: string;
}

/** Tokens and cost of one or more calls. Cost is 0 when config/models.json has no price for the model. */
export interface ModelUsage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly costUsd: number;
}

/** What several calls used together; nothing for no call. */
export function sumOfUsage(all: readonly ModelUsage[]): ModelUsage {
  const sum = { promptTokens: 0, completionTokens: 0, costUsd: 0 };
  for (const usage of all) {
    sum.promptTokens += usage.promptTokens;
    sum.completionTokens += usage.completionTokens;
    sum.costUsd += usage.costUsd;
  }
  return sum;
}

/** A whole answer. */
export interface ChatCompletion {
  readonly text: string;
  readonly usage: ModelUsage;
  /** Why the model stopped: `stop`, `length`, … as the server says. */
  readonly finishReason: string;
}

/** A part of a streamed answer; the last one carries the usage. */
export type ChatPart = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'end'; readonly usage: ModelUsage };

/** Options of a completion. */
export interface ChatOptions {
  readonly model: string;
  readonly temperature?: number;
  readonly maxTokens?: number;
  /**
   * Ask for JSON of this schema, written in the strict subset (every property required, `additionalProperties: false`); where the
   * server cannot, JSON mode is used (found out once, from a real call).
   */
  readonly jsonSchema?: { readonly name: string; readonly schema: Readonly<Record<string, unknown>> };
}

/** What a model server is asked for. */
export type ModelKind = 'chat' | 'embedding';

/**
 * A part of a request that not every server takes. When a server refuses a call, the gateway tries once more without the part and
 * remembers what it learnt from that; it never asks only to find out.
 */
export interface OptionalPart {
  /** Name of the part, unique among the parts of a kind of call. */
  readonly name: string;
  /** Matches the server's text when it is this part that it refuses. */
  readonly hint: RegExp;
  /** Whether to try without it although the server's text names no part. */
  readonly guess: boolean;
}

/** One call to a model server, without its body. */
export interface ModelCall {
  readonly kind: ModelKind;
  readonly model: string;
  readonly context: ModelCallContext;
  /** Parts the body can go without, the first to be dropped first. */
  readonly optional?: readonly OptionalPart[];
}

/** Builds the JSON body of a call without the optional parts that the server is known to refuse. */
export type BodyOf = (refused: ReadonlySet<string>) => Readonly<Record<string, unknown>>;

/** What a server answered: its JSON as it came, not checked. */
export interface ModelAnswer {
  readonly body: unknown;
  readonly usage: ModelUsage;
}

/** One event of a streamed answer, not checked; with the usage where the server tells it. */
export interface ModelEvent {
  readonly body: unknown;
  readonly usage: ModelUsage | undefined;
}

/** Calls of one kind on one lane since the start. */
export interface ModelFigures {
  readonly kind: ModelKind;
  readonly lane: Lane;
  /** Calls at the server now, and calls waiting for a place. */
  readonly inFlight: number;
  readonly waiting: number;
  readonly succeeded: number;
  /** Calls that failed, by error code; what a caller gave up is under `cancelled`. */
  readonly failed: Readonly<Record<string, number>>;
  readonly retries: number;
  /** Sums over the calls that succeeded. */
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly costUsd: number;
  readonly latencyMs: number;
}

/** How calls wait for the limits of the server. */
export interface GatewayLimits {
  readonly waiting: Readonly<Record<Lane, number>>;
  /** Milliseconds for which the server wants no call at all. */
  readonly pausedMs: number;
  /** Bulk calls a second at most, after sustained refusals; nothing while there is no such bound. */
  readonly bulkPerSecond: number | undefined;
  /** Whether the server is taken for away, by kind of call. */
  readonly circuits: Readonly<Record<ModelKind, 'closed' | 'open' | 'half-open'>>;
}

/** How the latest finished calls of one kind went. Times are milliseconds since the Unix epoch. */
export interface ModelHealth {
  readonly kind: ModelKind;
  readonly lastSuccessAt: number | undefined;
  readonly lastFailure: { readonly at: number; readonly code: string; readonly message: string; readonly status: number | undefined } | undefined;
  /** Whether the latest call that says something about the server failed. */
  readonly failing: boolean;
}
