import type { Workspace } from '../../src/graph/graph.types.ts';
import { documentIdOf } from '../../src/graph/ids.types.ts';
import { normalForm } from '../../src/common/text/words.ts';
import { extractByRules } from '../../src/ingestion/adapters/extraction/rules.ts';
import { withSenses } from '../../src/ingestion/resolution/senses.ts';
import { FakeChatModel } from '../fakes/fake-chat-model.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { FakeRecordStore } from '../fakes/fake-record-store.ts';
import { type GraphStack, publishAll, sqliteStack, type TestDocument } from '../fixtures/graph-stack.ts';
import { LABELLED_NAMES } from '../fixtures/labelled-namesakes.ts';
import { resolutionOf } from '../fixtures/resolution-of.ts';
import { readJsonLines, sharedDataMissing, sharedFile } from '../fixtures/shared-data.ts';

const missing = sharedDataMissing();
const when = missing === undefined ? describe : describe.skip;

interface Row {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

/** Documents that use one of the labelled names, with what rules find in them. */
function documents(rows: readonly Row[]): TestDocument[] {
  const names = [...new Set(LABELLED_NAMES.flatMap(([, name]) => [name, normalForm(name)]))];
  const isWanted = (text: string): boolean => names.some((name) => text.includes(name));
  return rows.filter(({ title, text }) => isWanted(`${title} ${text}`) || isWanted(normalForm(`${title} ${text}`))).map(({ id, title, text }) => {
    const chunk = { blocks: [], speakers: [], alone: true, documentExternalId: id, documentTitle: title, title, text };
    return { id, title, texts: [text], extractions: [withSenses(title, extractByRules(chunk))] };
  });
}

when(`Persons of one name that rules find${missing === undefined ? '' : ` (${missing})`}`, () => {
  let stack: GraphStack;
  beforeAll(() => {
    stack = sqliteStack();
  });
  afterAll(() => stack.close());

  it('are told apart rightly in at least 95 of 100 pairs that are, and 80 of 100 of those that are two', async () => {
    const rows = readJsonLines<Row>(sharedFile('data', 'retrieval', '2wiki', 'corpus.jsonl'));
    const workspace: Workspace = { ...(await stack.workspace()), slug: 'test', createdAt: '' };
    await publishAll(stack, workspace, documents(rows));
    const resolution = resolutionOf(stack, { model: new FakeChatModel(), records: new FakeRecordStore(new FakeClock()), settings: {} });
    await resolution.resolve({ workspace });
    const senses = new Map((await resolution.namesakes(workspace)).map((each) => [each.norm, each.senses]));
    const senseIn = (name: string, title: string): string | undefined => {
      const row = rows.find((each) => each.title === title);
      expect([title, row?.id]).toEqual([title, expect.any(String)]);
      return senses.get(normalForm(name))?.[documentIdOf(workspace.uid, row?.id ?? '')];
    };
    const judged = LABELLED_NAMES.map(([areTwo, name, first, second]) => {
      const [one, other] = [senseIn(name, first), senseIn(name, second)];
      return { pair: `${name}: ${first} | ${second}`, areTwo, isApart: one !== undefined && other !== undefined && one !== other };
    });
    const right = judged.filter(({ areTwo, isApart }) => areTwo && isApart).length;
    const wrong = judged.filter(({ areTwo, isApart }) => !areTwo && isApart);
    const left = judged.filter(({ areTwo, isApart }) => areTwo && !isApart);
    expect(right).toBeGreaterThan(40);
    expect({ isPrecise: right / (right + wrong.length) >= 0.95, right, wrong }).toMatchObject({ isPrecise: true });
    expect({ isComplete: right / (right + left.length) >= 0.8, right, left }).toMatchObject({ isComplete: true });
  }, 60_000);
});
