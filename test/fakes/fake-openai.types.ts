/** What goes wrong with one request to the fake server. */
export type Fault =
  /** Says nothing any more: before the headers, or after `afterParts` parts of the answer. */
  | { readonly kind: 'stall'; readonly afterParts?: number }
  /** Destroys the socket: before the headers, or after `afterParts` parts of the answer. */
  | { readonly kind: 'cut'; readonly afterParts?: number }
  /** Answers with a status, e.g. 429 or 500. Retry-After as the header's text, retry-after-ms in milliseconds. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string; readonly retryAfterMs?: number; readonly text?: string }
  /** 200 with a body that is no JSON; in a stream, an event that is none. */
  | { readonly kind: 'malformed' }
  /** 200 with JSON of another shape. */
  | { readonly kind: 'wrong-shape' }
  /** A stream that ends in good order, but without finish_reason and without [DONE]. */
  | { readonly kind: 'unfinished' }
  /** A stream that tells an error in an event. */
  | { readonly kind: 'error-event'; readonly text: string }
  /** Waits for `release()` before the headers. */
  | { readonly kind: 'hold' }
  /** Waits so many milliseconds of real time before the headers. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** Embeddings that do not fit what was asked; `shuffled` is legal, because `index` tells the order. */
  | { readonly kind: 'embeddings'; readonly fault: 'shuffled' | 'missing' | 'extra' | 'duplicate-index' | 'wrong-dimension' | 'not-finite' | 'zero' };

/** Options of the fake server. */
export interface FakeOpenAiOptions {
  /** When set, requests without this key are refused with 401, and the answer repeats the key that was sent. */
  readonly apiKey?: string;
  /** Length of embeddings unless the request asks for another; 8 if left out. */
  readonly dimensions?: number;
  /** What the chat model answers; `Echo: ` and the last message if left out. */
  readonly answer?: (body: Readonly<Record<string, unknown>>) => string;
  /** Fields that make the server refuse a request with 400, e.g. `stream_options`, `dimensions`, `response_format:json_schema`. */
  readonly refuses?: readonly string[];
  /** Text of such a refusal; it names the field if left out. */
  readonly refusalText?: string;
}

/** A request as it came. */
export interface RecordedRequest {
  /** Path without `/v1`, e.g. `/embeddings`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Readonly<Record<string, unknown>>;
}
