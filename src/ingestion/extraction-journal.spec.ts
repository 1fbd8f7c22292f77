import { FakeClock } from '../../test/fakes/fake-clock.ts';
import { FakeIdSource } from '../../test/fakes/fake-id-source.ts';
import { FakeRecordStore } from '../../test/fakes/fake-record-store.ts';
import { RandomIdSource } from '../common/clock/random-id-source.ts';
import type { Extraction } from '../graph/graph.types.ts';
import { StorageError } from '../storage/storage.errors.ts';
import { workspaceScope } from '../storage/storage.types.ts';
import { ExtractionJournal, type JournalEntry } from './extraction-journal.service.ts';

const A = { uid: 'a' };
const B = { uid: 'b' };
const extraction = (name: string): Extraction => ({ givesNames: true, entities: [{ name, type: 'x', description: '' }], relations: [] });
const entry = (key: string): JournalEntry => ({ key, extraction: extraction(key) });

describe('ExtractionJournal', () => {
  let records: FakeRecordStore;
  let clock: FakeClock;
  const open = async (): Promise<ExtractionJournal> => {
    const journal = new ExtractionJournal(records, new RandomIdSource());
    await journal.open(A);
    return journal;
  };
  const kept = async (): Promise<number> => (await records.list(workspaceScope(A), '')).records.length;
  beforeEach(() => {
    clock = new FakeClock();
    records = new FakeRecordStore(clock);
  });

  it('gives the next run, or another process, what was kept, and no other workspace', async () => {
    await (await open()).keep(A, [entry('k1'), entry('k2')]);
    const next = await open();
    expect(await next.find(A, ['k2', 'k3', 'k1'])).toEqual(new Map([['k1', extraction('k1')], ['k2', extraction('k2')]]));
    await next.open(B);
    expect(await next.find(B, ['k1'])).toEqual(new Map());
  });

  it('writes calls that end at once together, each durable when its promise resolves', async () => {
    const journal = await open();
    let transactions = 0;
    const transact = records.transact.bind(records);
    records.transact = async (...given): Promise<void> => {
      transactions += 1;
      await new Promise((resolve) => { setImmediate(resolve); });
      await transact(...given);
    };
    await Promise.all(Array.from({ length: 50 }, (_, i) => journal.keep(A, [entry(`k${String(i)}`)])));
    expect(transactions).toBe(3);
    expect((await (await open()).find(A, ['k0', 'k49'])).size).toBe(2);
  });

  it('forgets a record when none of its chunks is needed any longer', async () => {
    const journal = await open();
    await journal.keep(A, [entry('k1'), entry('k2')]);
    await journal.forget(A, ['k1', 'unknown']);
    expect(await kept()).toBe(1);
    expect((await journal.find(A, ['k1', 'k2'])).size).toBe(1);
    await journal.forget(A, ['k2', 'k2']);
    expect(await kept()).toBe(0);
  });

  it('keeps large answers in several records', async () => {
    const journal = await open();
    const large = Array.from({ length: 12 }, (_, i) => ({ key: `k${String(i)}`, extraction: extraction('n'.repeat(90_000)) }));
    await journal.keep(A, large);
    expect(await kept()).toBe(4);
    expect((await (await open()).find(A, large.map(({ key }) => key))).size).toBe(12);
  });

  it('forgets by itself what nobody came back for within a week', async () => {
    await (await open()).keep(A, [entry('k1')]);
    clock.setNow(clock.now() + 7 * 86_400_000 + 1);
    expect((await (await open()).find(A, ['k1'])).size).toBe(0);
  });

  it('tells each caller when the store is away, and works again afterwards', async () => {
    const journal = new ExtractionJournal(records, new FakeIdSource());
    records.fault = new StorageError('disk-full', 'full');
    await expect(journal.keep(A, [entry('k1')])).rejects.toMatchObject({ code: 'disk-full' });
    records.fault = undefined;
    await journal.keep(A, [entry('k1')]);
    expect((await journal.find(A, ['k1'])).size).toBe(1);
  });
});
