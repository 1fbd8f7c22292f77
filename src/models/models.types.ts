/** Which lane a call takes: a person waits for `interactive`; `bulk` is ingestion. */
export type Lane = 'interactive' | 'bulk';

/** What every call to a model server says about itself. */
export interface ModelCallContext {
  readonly lane: Lane;
  /** uid of the workspace the call is made for; the ledger counts by it. */
  readonly workspaceUid: string;
  /** What the call is for, e.g. `chat`, `extract`, `embed-query`, `embed-passages`. */
  readonly operation: string;
  readonly signal?: AbortSignal;
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
  /** Ask for JSON of this schema; where the server cannot, JSON mode is used (found out once, from a real call). */
  readonly jsonSchema?: { readonly name: string; readonly schema: Readonly<Record<string, unknown>> };
}
