import { eventually } from '../../test/fakes/eventually.ts';
import { EmbeddingError } from './embedding.errors.ts';
import { type BatchRequest, type EmbedBatch, SharedBatches } from './shared-batches.ts';

/** Each call is held until it is let go or failed. */
class HeldCalls {
  readonly calls: { readonly texts: readonly string[]; readonly signal: AbortSignal; readonly go: () => void; readonly fail: (error: Error) => void }[] = [];

  readonly embed: EmbedBatch = (texts, signal) => {
    const { promise, resolve, reject } = Promise.withResolvers<ReadonlyMap<string, Float32Array>>();
    const vectors = new Map(texts.map((text) => [text, Float32Array.of(text.length)]));
    this.calls.push({ texts: [...texts], signal, go: () => { resolve(vectors); }, fail: reject });
    return promise;
  };

  get texts(): string {
    return this.calls.map((call) => call.texts.join('+')).join(' ');
  }
}

const request = (texts: readonly string[], more: Partial<BatchRequest> = {}): BatchRequest => ({ texts, group: 'g', maxBatch: 3, atOnce: 2, ...more });

describe('SharedBatches', () => {
  let batches: SharedBatches;
  let held: HeldCalls;
  beforeEach(() => {
    batches = new SharedBatches();
    held = new HeldCalls();
  });
  const ask = async (text: string, more?: Partial<BatchRequest>): Promise<number | undefined> => (await batches.vectors(request([text], more), held.embed)).get(text)?.[0];

  it('lets the first go alone and those that come meanwhile together, in the order they came', async () => {
    const answers = ['a', 'bb', 'ccc', 'dddd'].map((text) => ask(text));
    expect(held.texts).toBe('a bb');
    held.calls[1]?.go();
    expect(await answers[1]).toBe(2);
    await eventually(() => held.calls.length === 3);
    expect(held.texts).toBe('a bb ccc+dddd');
    for (const call of held.calls) call.go();
    expect(await Promise.all(answers)).toEqual([1, 2, 3, 4]);
    expect(batches.size).toBe(0);
  });

  it('waits for nobody beyond one full batch, in another group, or without a bound', async () => {
    const answers = ['a', 'b', 'c', 'd', 'e', 'f'].map((text) => ask(text));
    expect(held.texts).toBe('a b f');
    answers.push(ask('g', { group: 'other' }));
    answers.push(batches.vectors({ texts: ['h'], group: 'g', maxBatch: 3 }, held.embed).then((map) => map.get('h')?.[0]));
    expect(held.texts).toBe('a b f g h');
    for (const call of held.calls) call.go();
    await eventually(() => held.calls.length === 6);
    held.calls[5]?.go();
    expect(await Promise.all(answers)).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  });

  it('makes a shared batch again for each request when it fails for good, so that nobody pays for the text of another', async () => {
    const [first, second] = [ask('a'), ask('b')];
    const [good, bad] = [ask('good'), ask('bad').catch((error: unknown) => error)];
    held.calls[0]?.go();
    await eventually(() => held.texts === 'a b good+bad');
    held.calls[2]?.fail(new EmbeddingError('too long'));
    held.calls[1]?.go();
    await eventually(() => held.calls.length === 5);
    expect(held.calls.slice(3).map((call) => call.texts.join())).toEqual(['good', 'bad']);
    held.calls[3]?.go();
    held.calls[4]?.fail(new EmbeddingError('too long'));
    expect(await good).toBe(4);
    expect(await bad).toMatchObject({ message: 'too long' });
    await Promise.all([first, second]);
  });

  it('does not repeat what may pass', async () => {
    const answers = ['a', 'b', 'c', 'd'].map((text) => ask(text).catch((error: unknown) => error));
    held.calls[0]?.go();
    await eventually(() => held.calls.length === 3);
    held.calls[2]?.fail(new EmbeddingError('away', { retryable: true }));
    held.calls[1]?.go();
    expect((await Promise.all(answers)).slice(2)).toMatchObject([{ message: 'away' }, { message: 'away' }]);
    expect(held.calls).toHaveLength(3);
  });

  it('never makes a batch whose callers have all left', async () => {
    const leaver = new AbortController();
    const first = ask('a', { atOnce: 1 });
    const left = ['b', 'c'].map((text) => ask(text, { atOnce: 1, signal: leaver.signal }).catch((error: unknown) => error));
    leaver.abort(new Error('left'));
    expect(await Promise.all(left)).toMatchObject([{ message: 'left' }, { message: 'left' }]);
    expect(batches.size).toBe(1);
    held.calls[0]?.go();
    expect(await first).toBe(1);
    await eventually(() => batches.size === 0);
    expect(held.texts).toBe('a');
  });
});
