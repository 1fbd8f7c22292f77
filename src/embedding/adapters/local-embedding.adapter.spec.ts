import fc from 'fast-check';
import { describeEmbeddingProvider } from '../../../test/contract/embedding-provider.contract.ts';
import { callContext } from '../../../test/fixtures/gateway-stack.ts';
import { LocalEmbeddingProvider } from './local-embedding.adapter.ts';

describeEmbeddingProvider('the local adapter', () => Promise.resolve({ provider: new LocalEmbeddingProvider(), stop: () => Promise.resolve() }));

const provider = new LocalEmbeddingProvider();

async function similarity(a: string, b: string): Promise<number> {
  const [x, y] = await provider.embed([a, b], callContext());
  return Array.from(x ?? []).reduce((sum, value, i) => sum + value * (y?.[i] ?? 0), 0);
}

describe('LocalEmbeddingProvider', () => {
  it('says that it is not semantic and not worth caching', () => {
    expect(provider.capabilities).toEqual({ semantic: false, worthCaching: false });
    expect([provider.modelId, provider.dimensions]).toEqual(['local-hash-v1', 256]);
  });

  it('puts names of like spelling near each other, whatever their case, marks and order', async () => {
    expect(await similarity('Zürich Insurance Group', 'ZURICH Insurance group')).toBeCloseTo(1, 5);
    expect(await similarity('Kern, Ada', 'Ada Kern')).toBeCloseTo(1, 5);
    expect(await similarity('Jonathan Smith', 'Jonathon Smith')).toBeGreaterThan(0.7);
    expect(await similarity('Jonathan Smith', 'Margaret Hall')).toBeLessThan(0.3);
  });

  it('takes other scripts and texts without a word', async () => {
    expect(await similarity('東京都庁舎', '東京都庁')).toBeGreaterThan(0.4);
    expect(await similarity('…', '—')).toBeCloseTo(1, 5);
  });

  it('has a unit vector for any text, always the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        const [a, b] = await provider.embed([text, text], callContext());
        expect(a).toEqual(b);
        expect(Math.hypot(...(a ?? []))).toBeCloseTo(1, 4);
      }),
      { numRuns: 100 },
    );
  });

  it('lets the event loop turn between texts', async () => {
    let turns = 0;
    const count = (): void => {
      turns += 1;
      immediate = setImmediate(count);
    };
    let immediate = setImmediate(count);
    await provider.embed(Array.from({ length: 20 }, (_, i) => `${String(i)} `.repeat(5000)), callContext());
    clearImmediate(immediate);
    expect(turns).toBeGreaterThanOrEqual(10);
  });
});
