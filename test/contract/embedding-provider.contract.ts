import type { EmbeddingProvider } from '../../src/embedding/embedding-provider.port.ts';
import { callContext } from '../fixtures/gateway-stack.ts';

/** A provider under test. */
export interface EmbeddingProviderSubject {
  readonly provider: EmbeddingProvider;
  stop(): Promise<void>;
}

function lengthOf(vector: Float32Array): number {
  return Math.hypot(...vector);
}

/** What every EmbeddingProvider does. */
export function describeEmbeddingProvider(name: string, open: () => Promise<EmbeddingProviderSubject>): void {
  describe(`${name} as an EmbeddingProvider`, () => {
    let subject: EmbeddingProviderSubject;
    let provider: EmbeddingProvider;
    beforeEach(async () => {
      subject = await open();
      provider = subject.provider;
    });
    afterEach(async () => {
      await subject.stop();
    });

    it('names its model and takes at least one text a call', () => {
      expect(provider.modelId).not.toBe('');
      expect(provider.maxBatch).toBeGreaterThanOrEqual(1);
    });

    it('makes no vectors of no texts', async () => {
      expect(await provider.embed([], callContext())).toEqual([]);
    });

    it('gives each text a vector of unit length and of one dimension, which it knows afterwards', async () => {
      const vectors = await provider.embed(['the old bridge', 'a market hall', 'x'], callContext());
      expect(vectors).toHaveLength(3);
      for (const vector of vectors) {
        expect(lengthOf(vector)).toBeCloseTo(1, 5);
        expect(vector).toHaveLength(provider.dimensions ?? -1);
      }
    });

    it('keeps the order of the texts', async () => {
      const texts = Array.from({ length: Math.min(20, provider.maxBatch) }, (_, i) => `text number ${String(i)}`);
      const together = await provider.embed(texts, callContext());
      for (const [i, text] of texts.entries()) expect((await provider.embed([text], callContext()))[0]).toEqual(together[i]);
    });

    it('gives the same text the same vector, and another text another', async () => {
      const [a, b, c] = await provider.embed(['same', 'same', 'different'], callContext());
      expect(a).toEqual(b);
      expect(a).not.toEqual(c);
    });

    it('takes the empty text as a text', async () => {
      const vectors = await provider.embed(['', 'word', ''], callContext());
      expect(vectors.map((vector) => lengthOf(vector).toFixed(4))).toEqual(['1.0000', '1.0000', '1.0000']);
      expect(vectors[0]).toEqual(vectors[2]);
    });

    it('rejects with the reason of an aborted signal', async () => {
      const context = callContext('interactive', AbortSignal.abort(new Error('left before')));
      await expect(provider.embed(['x'], context)).rejects.toThrow('left before');
    });
  });
}
