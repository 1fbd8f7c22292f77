/** An error as it stands in the log. */
export interface LoggedError {
  readonly type: string;
  readonly code?: string;
  readonly message: string;
  readonly stack?: string;
  readonly details?: unknown;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

/** A chain of causes longer than this is cut: it may be circular. */
const MAX_DEPTH = 8;

const SECRETS = [/\bgrc_[A-Za-z0-9_-]{8,}/g, /\bsk-[A-Za-z0-9_-]{8,}/g, /(?<=\bBearer\s+)\S+/gi, /(?<=[?&]token=)[^&\s"']+/g];

/** Keys and tokens of a text replaced: vendors quote what they were sent. */
export function withoutSecrets(text: string): string {
  return SECRETS.reduce((hidden, secret) => hidden.replace(secret, '[hidden]'), text);
}

/** The whole stack and cause chain of an error; of its other fields only those that are ours, since vendors' carry headers and bodies. */
export function serializeError(error: unknown): unknown {
  return serialize(error, 0);
}

function serialize(error: unknown, depth: number): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? withoutSecrets(error) : error;
  if (depth >= MAX_DEPTH) return { type: error.name, message: withoutSecrets(error.message) };
  return { ...plain(error), ...nested(error, depth + 1) };
}

function plain(error: Error): LoggedError {
  const { code, details } = error as { code?: unknown; details?: unknown };
  return {
    type: error.name,
    message: withoutSecrets(error.message),
    ...(typeof code === 'string' ? { code } : {}),
    ...(error.stack === undefined ? {} : { stack: withoutSecrets(error.stack) }),
    ...(details === undefined || Object.keys(details ?? {}).length === 0 ? {} : { details }),
  };
}

function nested(error: Error, depth: number): Pick<LoggedError, 'cause' | 'errors'> {
  return {
    ...(error.cause === undefined ? {} : { cause: serialize(error.cause, depth) }),
    ...(error instanceof AggregateError ? { errors: error.errors.map((one) => serialize(one, depth)) } : {}),
  };
}
