import { FakeClock } from '../../test/fakes/fake-clock.ts';
import { FakeIdSource } from '../../test/fakes/fake-id-source.ts';
import { FakeRecordStore } from '../../test/fakes/fake-record-store.ts';
import { HISTORY_TURNS, MAX_TURNS, type SessionOwner, SessionService } from './session.service.ts';

const turn = (question: string) => ({ question, answer: `Answer to ${question}`, mode: 'extractive', citations: [] }) as const;
const OWNER: SessionOwner = { workspace: { uid: 'w1' }, subject: 'ada' };
const OTHERS: SessionOwner[] = [
  { workspace: { uid: 'w1' }, subject: 'charles' },
  { workspace: { uid: 'w2' }, subject: 'ada' },
];
const NOT_FOUND = { code: 'session-not-found' };

function make(): { sessions: SessionService; clock: FakeClock; records: FakeRecordStore } {
  const clock = new FakeClock();
  const records = new FakeRecordStore(clock);
  return { sessions: new SessionService(records, new FakeIdSource(), clock), clock, records };
}

describe('SessionService', () => {
  it('gives a new id without storing anything before the first turn', async () => {
    const { sessions } = make();
    const { id, history } = await sessions.open(OWNER, undefined);
    expect(history).toEqual([]);
    expect((await sessions.list(OWNER)).sessions).toEqual([]);
    await expect(sessions.open(OWNER, id)).rejects.toMatchObject(NOT_FOUND);
  });

  it('keeps turns, and opens with the last ones, oldest first', async () => {
    const { sessions } = make();
    const { id } = await sessions.open(OWNER, undefined);
    for (let i = 1; i <= HISTORY_TURNS + 2; i += 1) await sessions.append(OWNER, id, turn(`question ${String(i)}`));
    const { history } = await sessions.open(OWNER, id);
    expect(history.map((each) => each.question)).toEqual(['question 3', 'question 4', 'question 5', 'question 6']);
    expect((await sessions.get(OWNER, id)).turns).toHaveLength(HISTORY_TURNS + 2);
  });

  it('lists title, number of turns and times', async () => {
    const { sessions, clock } = make();
    await sessions.append(OWNER, 'a', turn(`What\n is ${'long '.repeat(60)}?`));
    await clock.advance(1000);
    await sessions.append(OWNER, 'a', turn('And then?'));
    const [summary] = (await sessions.list(OWNER)).sessions;
    expect(summary).toMatchObject({ id: 'a', turns: 2, createdAt: '2026-01-01T00:00:00.000Z', updatedAt: '2026-01-01T00:00:01.000Z' });
    expect(summary?.title).toMatch(/^What is long .*long…$/);
    expect(summary?.title.length).toBeLessThanOrEqual(120);
  });

  it.each(OTHERS)('has no such session for %o', async (other) => {
    const { sessions } = make();
    await sessions.append(OWNER, 'a', turn('Secret?'));
    await expect(sessions.open(other, 'a')).rejects.toMatchObject(NOT_FOUND);
    await expect(sessions.get(other, 'a')).rejects.toMatchObject(NOT_FOUND);
    await expect(sessions.delete(other, 'a')).rejects.toMatchObject(NOT_FOUND);
    expect((await sessions.list(other)).sessions).toEqual([]);
    expect((await sessions.get(OWNER, 'a')).turns).toHaveLength(1);
  });

  it.each(['', '../a', 'a/b', 'x'.repeat(600), 'a\u0000', 'ä'])('knows no session %j', async (id) => {
    await expect(make().sessions.open(OWNER, id)).rejects.toMatchObject(NOT_FOUND);
  });

  it('forgets the oldest turns of a long session, and all of a deleted one', async () => {
    const { sessions, records } = make();
    for (let i = 1; i <= MAX_TURNS + 3; i += 1) await sessions.append(OWNER, 'a', turn(`question ${String(i)}`));
    const { turns } = await sessions.get(OWNER, 'a');
    expect(turns).toHaveLength(MAX_TURNS);
    expect(turns[0]?.question).toBe('question 4');
    await sessions.delete(OWNER, 'a');
    await expect(sessions.get(OWNER, 'a')).rejects.toMatchObject(NOT_FOUND);
    expect((await records.list({ kind: 'workspace', uid: 'w1' }, '')).records).toEqual([]);
  });

  it('keeps every turn of questions asked at once', async () => {
    const { sessions } = make();
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map((question) => sessions.append(OWNER, 's', turn(question))));
    const { turns } = await sessions.get(OWNER, 's');
    expect(turns.map((each) => each.question).toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('forgets a session that nobody went on with', async () => {
    const { sessions, clock } = make();
    await sessions.append(OWNER, 'a', turn('Once?'));
    await clock.advance(91 * 86_400_000);
    await expect(sessions.get(OWNER, 'a')).rejects.toMatchObject(NOT_FOUND);
  });
});
