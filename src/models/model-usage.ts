import type { ModelDefaults } from '../config/model-defaults.ts';
import type { ModelUsage } from './models.types.ts';

const DATED = /-\d{4}-?\d{2}-?\d{2}$/;
const MILLION = 1_000_000;

export const NO_USAGE: ModelUsage = { promptTokens: 0, completionTokens: 0, costUsd: 0 };

function count(value: unknown): number {
  return typeof value === 'number' && value >= 0 ? value : 0;
}

/**
 * The usage that an answer or an event reports, with its cost; nothing where it reports none. A model's dated name
 * (`gpt-4.1-2025-04-14`) has the price of the name without its date.
 * @param prices US dollars per million tokens, by model
 */
export function reportedUsage(body: unknown, model: string, prices: ModelDefaults['prices']): ModelUsage | undefined {
  const usage = (body as { usage?: { prompt_tokens?: unknown; completion_tokens?: unknown } | null } | null)?.usage;
  if (usage === undefined || usage === null) return undefined;
  const promptTokens = count(usage.prompt_tokens);
  const completionTokens = count(usage.completion_tokens);
  return { promptTokens, completionTokens, costUsd: costOf({ promptTokens, completionTokens }, model, prices) };
}

/** What tokens cost in US dollars; 0 for a model without a price. */
export function costOf(tokens: Omit<ModelUsage, 'costUsd'>, model: string, prices: ModelDefaults['prices']): number {
  const price = prices[model] ?? prices[model.replace(DATED, '')] ?? { promptUsdPerMillion: 0, completionUsdPerMillion: 0 };
  return (tokens.promptTokens * price.promptUsdPerMillion + tokens.completionTokens * price.completionUsdPerMillion) / MILLION;
}
