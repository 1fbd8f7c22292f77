import { ModelError, type ModelErrorCode, type ModelErrorOptions } from '../models.errors.ts';
import { isError, type Redaction } from '../redaction.ts';

const SHORT_TEXT = 300;
const CAUSE_DEPTH = 5;
const TRANSIENT = new Set([408, 409, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529]);

/** A status other than 2xx, kept with the server's whole text, which the openai client would lose unless it is of OpenAI's shape. */
export class ServerRefusal extends Error {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;

  constructor(status: number, headers: Headers, body: string) {
    super(`status ${String(status)}`);
    this.name = 'ServerRefusal';
    this.status = status;
    this.headers = headers;
    this.body = body;
  }
}

/** An answer that is no JSON. */
export class UnreadableAnswer extends Error {
  constructor(readonly body: string) {
    super('the answer is no JSON');
    this.name = 'UnreadableAnswer';
  }
}

/** What the server asks to wait, in milliseconds: `retry-after-ms`, else Retry-After as seconds or as a date. */
export function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const exact = Number.parseFloat(headers.get('retry-after-ms') ?? '');
  if (exact >= 0) return exact;
  const given = headers.get('retry-after') ?? '';
  if (/^\s*\d+(\.\d+)?\s*$/.test(given)) return Number(given) * 1000;
  const date = Date.parse(given);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

/** The sentence in a server's error body: OpenAI's shape, FastAPI's, or the body itself. */
function sentenceOf(body: string): string {
  try {
    const { error, message, detail } = JSON.parse(body) as { error?: { message?: unknown } | string; message?: unknown; detail?: unknown };
    const found = [typeof error === 'object' ? error.message : error, message, detail].find((text) => typeof text === 'string');
    return typeof found === 'string' ? found : body;
  } catch {
    return body;
  }
}

function codeOf(status: number, body: string): ModelErrorCode {
  // A used-up quota comes as 429 as well, but waiting does not bring it back.
  if (status === 429) return body.includes('insufficient_quota') ? 'model-rejected' : 'model-rate-limited';
  return TRANSIENT.has(status) ? 'model-unavailable' : 'model-rejected';
}

const REMEDIES: Readonly<Partial<Record<number, string>>> = {
  401: 'Check OPENAI_API_KEY.',
  403: 'Check what OPENAI_API_KEY may be used for.',
  404: 'Check OPENAI_BASE_URL (most servers want it to end in /v1) and the name of the model.',
};

/** A refusal by status as the service's error. */
export function refusalError(refusal: ServerRefusal, redaction: Redaction, nowMs: number): ModelError {
  const code = codeOf(refusal.status, refusal.body);
  const wait = retryAfterMs(refusal.headers, nowMs);
  const sentence = redaction.text(sentenceOf(refusal.body)).slice(0, SHORT_TEXT);
  const remedy = REMEDIES[refusal.status];
  const options: ModelErrorOptions = {
    status: refusal.status,
    serverText: redaction.text(refusal.body),
    retryable: code !== 'model-rejected',
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    ...(remedy === undefined ? {} : { remedy }),
  };
  return new ModelError(code, `The model server answered ${String(refusal.status)}${sentence === '' ? '' : `: ${sentence}`}`, options);
}

/** An error that came inside a stream, whose status was 200. */
export function eventError(error: unknown, redaction: Redaction): ModelError {
  const body = JSON.stringify({ error });
  const limited = /rate.?limit|"code":\s*"?429/i.test(body);
  return new ModelError(limited ? 'model-rate-limited' : 'model-unavailable', `The model server broke off: ${redaction.text(sentenceOf(body)).slice(0, SHORT_TEXT)}`, {
    serverText: redaction.text(body),
    retryable: true,
  });
}

function chainOf(error: unknown): Error[] {
  const chain: Error[] = [];
  for (let at = error; isError(at) && chain.length < CAUSE_DEPTH; at = at.cause) chain.push(at);
  return chain;
}

/** The words of the innermost cause; those of a failed connection to a name with several addresses are in its parts. */
function reasonOf(chain: readonly Error[], error: unknown): string {
  const last = chain.at(-1);
  const parts = last instanceof AggregateError ? last.errors.filter(isError) : [];
  const said = [last, ...parts].map((one) => one?.message ?? '').find((message) => message !== '');
  return said ?? String(error);
}

/** Whatever the openai client, undici or a parser threw, as the service's error. */
export function toModelError(error: unknown, redaction: Redaction, nowMs: number): ModelError {
  const chain = chainOf(error);
  const known = chain.find((one) => one instanceof ModelError || one instanceof ServerRefusal || one instanceof UnreadableAnswer);
  if (known instanceof ModelError) return known;
  if (known instanceof ServerRefusal) return refusalError(known, redaction, nowMs);
  if (known instanceof UnreadableAnswer) {
    return new ModelError('model-answer-malformed', 'The model server answered with something that is no JSON.', {
      serverText: redaction.text(known.body),
      retryable: true,
      remedy: 'Check that OPENAI_BASE_URL is the address of the API and not of a page.',
    });
  }
  const reason = redaction.text(reasonOf(chain, error));
  const cause = redaction.error(error);
  return new ModelError('model-unavailable', `The model server cannot be reached or broke off: ${reason}`, {
    retryable: true,
    remedy: 'Check OPENAI_BASE_URL and that the server is running.',
    ...(cause === undefined ? {} : { cause }),
  });
}
