import type { INestApplicationContext } from '@nestjs/common';
import { countTokens } from '../../common/text/tokens.ts';
import type { Passage, PassageKey, Workspace } from '../../graph/graph.types.ts';
import { PassageIndex } from '../../graph/passage-index.port.ts';
import { PlainBm25 } from './plain-bm25.ts';
import type { FoundPassage } from './scores.ts';

const BATCH = 500;
/** Plain BM25 holds its postings in memory and looks at every passage: of more passages it is not built. */
export const MAX_YARDSTICK_PASSAGES = 50_000;

/** How many passages an index holds, and how long they are on average. */
export interface PassageCensus {
  readonly passages: number;
  readonly meanPassageTokens: number;
}

/** Ranks passages for a question, best first. */
export type Yardstick = (question: string, k: number) => readonly FoundPassage[];

/** What a look at every passage gave. */
export interface PassageSurvey {
  readonly census: PassageCensus;
  /** Plain BM25 over the same passages; nothing above MAX_YARDSTICK_PASSAGES. */
  readonly yardstick: Yardstick | undefined;
}

async function* inBatches(index: PassageIndex, workspace: Workspace, keys: Int32Array): AsyncGenerator<readonly Passage[]> {
  for (let at = 0; at < keys.length; at += BATCH) {
    const batch: PassageKey[] = [...keys.subarray(at, at + BATCH)];
    yield await index.passages(workspace, batch);
  }
}

/** Where a passage stands: all of it that is kept. */
type Place = FoundPassage & Pick<Passage, 'ordinal'>;

function placeOf({ externalId, ordinal, lines }: Passage): Place {
  return lines === undefined ? { externalId, ordinal } : { externalId, ordinal, lines };
}

/** By document, then by place in it: an order that does not depend on when passages came. */
function byPlace(one: Place, other: Place): number {
  if (one.externalId !== other.externalId) return one.externalId < other.externalId ? -1 : 1;
  return one.ordinal - other.ordinal;
}

/** Looks at every passage of a workspace that was filled in one go. */
export async function surveyPassages(app: INestApplicationContext, workspace: Workspace): Promise<PassageSurvey> {
  const index = app.get(PassageIndex, { strict: false });
  const { addedPassages } = await index.changesSince(workspace, 0);
  const plain = addedPassages.length > MAX_YARDSTICK_PASSAGES ? undefined : new PlainBm25<Place>(byPlace);
  let passages = 0;
  let tokens = 0;
  for await (const batch of inBatches(index, workspace, addedPassages)) {
    passages += batch.length;
    for (const passage of batch) {
      tokens += countTokens(passage.text);
      plain?.add(placeOf(passage), `${passage.title}\n${passage.text}`);
    }
  }
  const census = { passages, meanPassageTokens: passages === 0 ? 0 : Math.round((10 * tokens) / passages) / 10 };
  return { census, yardstick: plain === undefined ? undefined : (question, k) => plain.rank(question, k) };
}
