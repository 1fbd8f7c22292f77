import { z } from 'zod';

/** For `superRefine`: rules between variables are checked even when a variable has a fault of its own, so that all are told at once. */
export const ALWAYS = { when: (): boolean => true } as const;

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/;

/** A duration in milliseconds, read from `300` (seconds), `300s`, `250ms`, `7d`. */
export function duration(fallback: string, boundsMs: { min: number; max: number }): z.ZodType<number, string | undefined> {
  return z
    .string()
    .default(fallback)
    .transform((text, context) => {
      const match = DURATION.exec(text.trim());
      const ms = match === null ? Number.NaN : Number(match[1]) * (UNITS[match[2] ?? 's'] ?? 1000);
      if (ms >= boundsMs.min && ms <= boundsMs.max) return Math.round(ms);
      context.addIssue({
        code: 'custom',
        message: `must be a duration such as 30, 30s, 250ms or 7d, from ${String(boundsMs.min)}ms to ${String(boundsMs.max)}ms`,
      });
      return z.NEVER;
    });
}

/** A whole number within bounds, both ends included. */
export function integer(fallback: number, min: number, max: number): z.ZodType<number, string | undefined> {
  return z
    .string()
    .default(String(fallback))
    .transform((text, context) => wholeNumber(text, min, max, context));
}

/** A whole number within bounds, or nothing when the variable is not set. */
export function optionalInteger(min: number, max: number): z.ZodType<number | undefined, string | undefined> {
  return z
    .string()
    .optional()
    .transform((text, context) => (text === undefined ? undefined : wholeNumber(text, min, max, context)));
}

function wholeNumber(text: string, min: number, max: number, context: z.core.$RefinementCtx): number {
  const value = Number(text);
  if (/^\d+$/.test(text.trim()) && value >= min && value <= max) return value;
  context.addIssue({ code: 'custom', message: `must be a whole number from ${String(min)} to ${String(max)}` });
  return z.NEVER;
}

/** A comma-separated list of known words. */
export function listOf<const T extends string>(allowed: readonly T[], fallback: string): z.ZodType<T[], string | undefined> {
  return z
    .string()
    .default(fallback)
    .transform((text, context) => {
      const items = text.split(',').map((item) => item.trim());
      const bad = items.filter((item) => !(allowed as readonly string[]).includes(item));
      if (bad.length === 0) return items as T[];
      context.addIssue({ code: 'custom', message: `knows no "${bad.join('", "')}"; it may list ${allowed.join(', ')}` });
      return z.NEVER;
    });
}
