/** What a server says is left of a limit. */
export interface LimitState {
  readonly of: 'requests' | 'tokens';
  readonly remaining: number;
  readonly limit: number | undefined;
  /** Milliseconds until it is whole again; 0 when not told. */
  readonly resetMs: number;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A duration as OpenAI writes it, `1s`, `6m0s`, `20ms`, `1h30m`, or bare seconds; in milliseconds. */
export function durationMs(text: string): number | undefined {
  if (/^\s*\d+(\.\d+)?\s*$/.test(text)) return Number(text) * 1000;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  if (parts.length === 0) return undefined;
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNITS[unit ?? ''] ?? 0), 0);
}

/** What the `x-ratelimit-*` headers of an answer say. */
export function limitStates(headers: Headers): LimitState[] {
  return (['requests', 'tokens'] as const).flatMap((of) => {
    const remaining = numberIn(headers, `x-ratelimit-remaining-${of}`);
    if (remaining === undefined) return [];
    const resetMs = durationMs(headers.get(`x-ratelimit-reset-${of}`) ?? '') ?? 0;
    return [{ of, remaining, limit: numberIn(headers, `x-ratelimit-limit-${of}`), resetMs }];
  });
}

function numberIn(headers: Headers, name: string): number | undefined {
  const text = headers.get(name);
  if (text === null || text.trim() === '') return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
