import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import { FakeChatModel } from '../../../test/fakes/fake-chat-model.ts';
import { FakeClock } from '../../../test/fakes/fake-clock.ts';
import { FakeRecordStore } from '../../../test/fakes/fake-record-store.ts';
import { type GraphStack, publishAll, sqliteStack, type TestDocument } from '../../../test/fixtures/graph-stack.ts';
import { resolutionOf } from '../../../test/fixtures/resolution-of.ts';
import { SystemClock } from '../../common/clock/system-clock.ts';
import { normalForm } from '../../common/text/words.ts';
import { NameVectors } from '../../embedding/name-vectors.service.ts';
import type { Workspace } from '../../graph/graph.types.ts';
import type { StoredEntity } from '../../graph/stored-entities.port.ts';
import { EntityResolver, type ResolverContext } from './entity-resolver.service.ts';
import { nameForm } from './name-forms.ts';
import { parsePairsAnswer } from './pair-exchange.ts';
import type { ResolutionService } from './resolution.service.ts';
import { jaroWinkler } from './string-similarity.ts';

const resolver = new EntityResolver(new NameVectors(), new SystemClock());
const nobody = { workspaceUid: 'w', apart: () => false };

/** An entity that passages mention, by their numbers. */
function entity(called: string, passages: readonly number[], more: { readonly type?: string; readonly sense?: string; readonly aliases?: readonly string[] } = {}): StoredEntity {
  const { type = 'person', sense = '', aliases = [] } = more;
  return { id: `${called}/${type}${sense}`, sense, norm: normalForm(called), type, name: called, aliases: aliases.map(normalForm), mentions: passages.length, passages, description: '' };
}

/** Merges as `one = other`, sorted. */
async function merged(entities: readonly StoredEntity[], context: Partial<ResolverContext> = {}): Promise<string[]> {
  const { merges } = await resolver.resolve(entities, { ...nobody, ...context });
  return merges.map(({ entityId, intoId }) => `${entityId} = ${intoId}`).sort();
}

/** Things of a passage that make it another than others. */
const beside = (prefix: string, passages: readonly number[]): StoredEntity[] => Array.from({ length: 4 }, (_, i) => entity(`${prefix} ${['Alder', 'Birch', 'Cedar', 'Doyle'][i] ?? ''}`, passages, { type: 'place' }));

describe('nameForm', () => {
  it.each([
    ['Dr. Ada Kern', 'ada kern'], ['Mrs Ada Kern', 'ada kern'], ['The Kern Group Ltd.', 'kern group'], ['U.S.', 'us'], ['J. R. R. Tolkien', 'jrr tolkien'], ['the', 'the'], ['Dr', 'dr'], ['', ''],
  ])('compares %p by %p', (name, key) => {
    expect(nameForm(normalForm(name), name).key).toBe(key);
  });

  it('knows acronyms by their capitals and long forms by their first letters', () => {
    expect([nameForm('who', 'WHO').isAcronym, nameForm('who', 'Who').isAcronym, nameForm('u s', 'U.S.').isAcronym, nameForm('a', 'A').isAcronym]).toEqual([true, false, true, false]);
    expect(nameForm('world health organization').initials).toBe('who');
    expect(nameForm('bank of the north sea').initials).toBe('bns');
    expect([nameForm('kern').initials, nameForm('mr ada kern').initials]).toEqual([undefined, undefined]);
  });
});

describe('jaroWinkler', () => {
  it.each([['martha', 'marhta', 0.961], ['dixon', 'dicksonx', 0.813], ['dwayne', 'duane', 0.84], ['', '', 1], ['a', '', 0], ['abc', 'xyz', 0]])('of %p and %p is %d', (a, b, expected) => {
    expect(jaroWinkler(a, b)).toBeCloseTo(expected, 2);
  });

  it('is the same both ways, and between 0 and 1', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (a, b) => {
      const found = jaroWinkler(a, b);
      expect(found).toBeGreaterThanOrEqual(0);
      expect(found).toBeLessThanOrEqual(1);
      expect(jaroWinkler(b, a)).toBeCloseTo(found, 5);
    }), { numRuns: 200 });
  });
});

describe('EntityResolver', () => {
  it('takes a name with and without title, legal form and type for one', async () => {
    expect(await merged([entity('Ada Kern', [1, 2]), entity('Dr. Ada Kern', [3]), entity('Ada Kern', [4], { type: 'other' })])).toEqual(['Ada Kern/other = Ada Kern/person', 'Dr. Ada Kern/person = Ada Kern/person']);
    expect(await merged([entity('Kern Bridges', [1], { type: 'organisation' }), entity('Kern Bridges, Inc.', [2], { type: 'organisation' })])).toHaveLength(1);
  });

  it('leaves two what differs in number, sex, kind or a title that stands alone', async () => {
    expect(await merged([entity('Otto II Kern', [1]), entity('Otto III Kern', [1])])).toEqual([]);
    expect(await merged([entity('Summer Games 1984', [1], { type: 'other' }), entity('Summer Games 1988', [1], { type: 'other' })])).toEqual([]);
    expect(await merged([entity('Mr. Kern Hyde', [1]), entity('Mrs. Kern Hyde', [1])])).toEqual([]);
    expect(await merged([entity('Ada Kern', [1]), entity('Ada Kern', [1], { type: 'work' })])).toEqual([]);
    expect(await merged([entity('The Queen', [1], { type: 'other' }), entity('Queen', [2], { type: 'other' })])).toEqual([]);
  });

  it('leaves namesakes two when what stands beside them disagrees, and takes them for one when it agrees', async () => {
    const namesakes = [entity('Carl Wolf', [1, 2]), entity('Dr. Carl Wolf', [8, 9])];
    const apart = [...beside('Ulm', [1, 2]), ...beside('Oslo', [8, 9])];
    expect(await merged([...namesakes, ...apart])).toEqual([]);
    expect(await merged([...namesakes, ...apart, entity('Wolf Bridge', [1, 8], { type: 'place' })])).toEqual(['Dr. Carl Wolf/person = Carl Wolf/person']);
  });

  it('follows aliases, and acronyms whose long form stands beside them', async () => {
    expect(await merged([entity('Samuel Clemens', [1], { aliases: ['Mark Twain'] }), entity('Mark Twain', [2, 3])])).toEqual(['Samuel Clemens/person = Mark Twain/person']);
    const long = entity('World Health Organization', [1, 2], { type: 'organisation' });
    expect(await merged([long, entity('WHO', [2, 3], { type: 'other' })])).toEqual(['WHO/other = World Health Organization/organisation']);
    expect(await merged([long, entity('WHO', [7, 8], { type: 'other' })])).toEqual([]);
    // It stands for one of them only, that which is more often beside it.
    const other = entity('Western Hockey Office', [2], { type: 'organisation' });
    expect(await merged([long, other, entity('WHO', [1, 2], { type: 'other' })])).toEqual(['WHO/other = World Health Organization/organisation']);
  });

  it('takes another spelling for the same name only where the surroundings agree', async () => {
    const spelled = [entity('Leopold Torrenilsson', [1]), entity('Leopold Torrenillson', [2])];
    expect(await merged(spelled)).toEqual([]);
    expect(await merged([...spelled, entity('Ulm', [1, 2], { type: 'place' })])).toHaveLength(1);
    expect(await merged([entity('South Korea', [1], { type: 'place' }), entity('South Korean', [2], { type: 'other' }), entity('Ulm', [1, 2], { type: 'place' })])).toEqual([]);
    expect(await merged([entity('J. Kern', [1]), entity('Jan Kern', [2]), entity('Ulm', [1, 2], { type: 'place' })])).toEqual(['J. Kern/person = Jan Kern/person']);
  });

  it('finds the same in whatever order entities come, and merges nobody in a circle', async () => {
    const names = ['Ada Kern', 'Dr. Ada Kern', 'A. Kern', 'Kern, Ada', 'AK', 'Ada Kernn', 'World Health Organization', 'WHO', 'The WHO', 'Ulm', 'the Ulm'];
    const arbitrary = fc.uniqueArray(fc.record({ name: fc.constantFrom(...names), type: fc.constantFrom('person', 'place', 'other'), passages: fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 }) }), { selector: ({ name, type }) => name + type, maxLength: 14 });
    await fc.assert(fc.asyncProperty(arbitrary, fc.infiniteStream(fc.nat()), async (rows, random) => {
      const entities = rows.map(({ name, type, passages }) => entity(name, passages.toSorted(), { type }));
      const { merges } = await resolver.resolve(entities, nobody);
      const shuffled = entities.map((each) => ({ each, key: random.next().value as number })).toSorted((a, b) => a.key - b.key).map(({ each }) => each);
      expect((await resolver.resolve(shuffled, nobody)).merges).toEqual(merges);
      const away = new Set(merges.map(({ entityId }) => entityId));
      expect(away.size).toBe(merges.length);
      for (const { intoId } of merges) expect(away.has(intoId)).toBe(false);
    }), { numRuns: 60 });
  });

  it('keeps the senses of a name apart, and gives what has none told to that beside which it stands', async () => {
    const [silent, sound] = [entity('Dust', [1], { type: 'work', sense: '1925 film' }), entity('Dust', [2], { type: 'work', sense: '1947 film' })];
    expect(await merged([silent, sound])).toEqual([]);
    const mention = entity('Dust', [3], { type: 'other' });
    expect(await merged([silent, sound, mention])).toEqual([]);
    expect(await merged([entity('Old Dust', [1], { type: 'work', sense: '1925 film' }), entity('Old Dust', [2], { type: 'work', sense: '1947 film' }), entity('Old Dust', [3], { type: 'other' }), entity('Ulm Film', [2, 3], { type: 'organisation' })])).toEqual(['Old Dust/other = Old Dust/work1947 film']);
    expect(await merged([entity('Old Dust', [1], { type: 'work', sense: '1925 film' }), entity('Old Dust', [3], { type: 'other' })])).toHaveLength(1);
  });

  it('keeps apart what somebody keeps apart, also by way of a third', async () => {
    const three = [entity('Ada Kern', [1, 2]), entity('Dr. Ada Kern', [3]), entity('Mrs Ada Kern', [4])];
    const apart = (a: string, b: string): boolean => [a, b].sort().join() === 'Dr. Ada Kern/person,Mrs Ada Kern/person';
    expect(await merged(three, { apart })).toHaveLength(1);
    expect(await merged(three)).toHaveLength(2);
  });

  it('asks about what rules leave open, and about nothing else', async () => {
    const asked: unknown[] = [];
    const ask = (questions: readonly unknown[]): Promise<{ same: boolean[]; modelCalls: number }> => {
      asked.push(...questions);
      return Promise.resolve({ same: questions.map(() => true), modelCalls: 1 });
    };
    const entities = [entity('Leopold Torrenilsson', [1]), entity('Leopold Torrenillson', [2]), entity('Ada Kern', [3]), entity('Dr. Ada Kern', [4])];
    const { merges, modelCalls, open } = await resolver.resolve(entities, { ...nobody, ask });
    expect(asked).toEqual([{ first: expect.objectContaining({ name: 'Leopold Torrenillson' }), second: expect.objectContaining({ name: 'Leopold Torrenilsson' }) }]);
    expect([merges.map(({ layer }) => layer).sort(), modelCalls, open]).toEqual([['model', 'name'], 1, 0]);
  });
});

describe('parsePairsAnswer', () => {
  it.each([
    ['{"pairs": [{"number": 1, "same": true}, {"number": 9, "same": true}]}', [[0, true]]],
    ['```json\n{"pairs": [{"number": 2, "same": false}]}\n```', [[1, false]]],
    ['they are the same', undefined],
    ['{"pairs": [{"number": 1}]}', undefined],
  ])('reads %p', (text, expected) => {
    const found = parsePairsAnswer(text, 2);
    expect(found && [...found]).toEqual(expected);
  });
});

describe('ResolutionService', () => {
  let stack: GraphStack;
  let workspace: Workspace;
  let model: FakeChatModel;
  let records: FakeRecordStore;
  const said = (name: string, place = 'Ulm'): NonNullable<TestDocument['extractions']>[number] => ({ entities: [{ name, type: 'person', description: '' }], relations: [{ source: name, target: place, type: 'lived in', description: '' }] });
  const DOCUMENTS: TestDocument[] = ['Ada Kern', 'Dr. Ada Kern', 'Leopold Torrenilsson', 'Leopold Torrenillson Jan'].map((name, i) => ({ id: String(i), title: `Doc ${String(i)}`, texts: [`${name} lived.`], extractions: [said(name)] }));

  beforeAll(() => {
    Logger.overrideLogger(['error', 'warn']);
  });
  beforeEach(async () => {
    stack = sqliteStack();
    workspace = { ...(await stack.workspace()), slug: 'test', createdAt: '' };
    model = new FakeChatModel();
    records = new FakeRecordStore(new FakeClock());
    await publishAll(stack, workspace, DOCUMENTS);
  });
  afterEach(async () => {
    await stack.close();
  });

  const service = (settings: Readonly<Record<string, string>> = {}): ResolutionService =>
    resolutionOf(stack, { model, records, settings });
  const shown = async (): Promise<string[]> => (await stack.graph.neighbourhood(workspace, { entity: 'Ulm', depth: 1, limit: 20 })).nodes.map(({ name }) => name).sort();

  it('declares what it finds, tells why, and takes it back; without a model it asks none', async () => {
    const before = await shown();
    expect(await service().resolve({ workspace, dryRun: true })).toMatchObject({ declared: 1, modelCalls: 0 });
    expect(await shown()).toEqual(before);
    expect(await service().resolve({ workspace })).toMatchObject({ declared: 1, forgotten: 0, entities: 5 });
    expect(await shown()).toHaveLength(before.length - 1);
    expect(await service().made(workspace)).toEqual([expect.objectContaining({ layer: 'name' })]);
    // A second time there is nothing left to do.
    expect(await service().resolve({ workspace })).toMatchObject({ declared: 0, forgotten: 0 });
    expect(await service().undoAll(workspace)).toBe(1);
    expect([await shown(), await service().made(workspace), model.calls]).toEqual([before, [], []]);
  });

  it('keeps apart what was taken back one by one, and knows no other merge', async () => {
    await service().resolve({ workspace });
    const [merge] = await service().made(workspace);
    await service().undo(workspace, merge?.entityId ?? '');
    expect(await service().resolve({ workspace })).toMatchObject({ merges: [], declared: 0 });
    await expect(service().undo(workspace, merge?.entityId ?? '')).rejects.toMatchObject({ code: 'merge-not-found' });
  });

  it('leaves what people declared as it is, and forgets its own when the documents no longer bear it out', async () => {
    const { entities } = await stack.entities.page(workspace, { limit: 10 });
    const idOf = (norm: string): string => entities.find((each) => each.norm === norm)?.id ?? '';
    const byHand = { entityId: idOf('leopold torrenilsson'), intoId: idOf('leopold torrenillson jan') };
    await stack.entities.declare(workspace, [byHand]);
    await service().resolve({ workspace });
    expect(await stack.entities.merges(workspace)).toHaveLength(2);
    const { documents } = await stack.index.documents(workspace, {});
    await stack.writer.deleteDocuments(workspace, documents.filter(({ externalId }) => externalId === '1').map(({ id }) => id));
    expect(await service().resolve({ workspace })).toMatchObject({ declared: 0, forgotten: 1 });
    expect(await stack.entities.merges(workspace)).toEqual([byHand]);
  });

  it('asks the model about open pairs once, whatever comes of the answer, and never again about what it answered', async () => {
    const settings = { OPENAI_BASE_URL: 'http://127.0.0.1:1/v1', RESOLUTION_MODEL: 'some-model' };
    await publishAll(stack, workspace, [{ id: '9', title: 'Doc 9', texts: ['Leopold Torrenillson lived.'], extractions: [said('Leopold Torrenillson', 'Oslo')] }]);
    model.parts = ['I think so.'];
    expect(await service(settings).resolve({ workspace })).toMatchObject({ modelCalls: 1, merges: [expect.objectContaining({ layer: 'name' })] });
    const asked = (JSON.parse(model.question) as { pairs: { number: number; first: { name: string; beside: string[] }; second: { name: string } }[] }).pairs;
    expect(asked.map(({ first, second }) => [first.name, second.name].sort())).toContainEqual(['Leopold Torrenillson', 'Leopold Torrenilsson']);
    expect(asked.flatMap(({ first }) => first.beside)).toContain('ulm');
    model.parts = [JSON.stringify({ pairs: asked.map(({ number, first, second }) => ({ number, same: !`${first.name}${second.name}`.includes('Jan') })) })];
    const found = await service(settings).resolve({ workspace });
    expect([found.modelCalls, model.calls.length, found.merges.map(({ layer }) => layer).sort()]).toEqual([1, 2, ['model', 'name']]);
    expect(model.calls[0]?.context).toMatchObject({ lane: 'bulk', operation: 'resolve', workspaceUid: workspace.uid });
    expect(await service(settings).resolve({ workspace })).toMatchObject({ modelCalls: 0, declared: 0 });
  });
});
