import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import type { Passage, PassageKey, Workspace } from '../../graph/graph.types.ts';
import { PassageIndex } from '../../graph/passage-index.port.ts';
import type { INestApplicationContext } from '@nestjs/common';

const BATCH = 500;
/** Text that looks like a control token is text. */
const PLAIN = { disallowedSpecial: new Set<string>() };

/** How many passages an index holds, and how long they are on average. */
export interface PassageCensus {
  readonly passages: number;
  readonly meanPassageTokens: number;
}

async function* allPassages(index: PassageIndex, workspace: Workspace): AsyncGenerator<readonly Passage[]> {
  const { addedPassages } = await index.changesSince(workspace, 0);
  for (let at = 0; at < addedPassages.length; at += BATCH) {
    const keys: PassageKey[] = [...addedPassages.subarray(at, at + BATCH)];
    yield await index.passages(workspace, keys);
  }
}

/** Counts the passages of a workspace that was filled in one go. */
export async function countPassages(app: INestApplicationContext, workspace: Workspace): Promise<PassageCensus> {
  let passages = 0;
  let tokens = 0;
  for await (const batch of allPassages(app.get(PassageIndex, { strict: false }), workspace)) {
    passages += batch.length;
    for (const passage of batch) tokens += countTokens(passage.text, PLAIN);
  }
  return { passages, meanPassageTokens: passages === 0 ? 0 : Math.round((10 * tokens) / passages) / 10 };
}
