import { type EmbeddingCapabilities, EmbeddingProvider } from '../../src/embedding/embedding-provider.port.ts';
import { normalise } from '../../src/embedding/unit-vector.ts';
import type { ModelCallContext } from '../../src/models/models.types.ts';
import { fakeVector } from './fake-openai-answers.ts';

/** A provider that hashes texts to vectors, records its batches, and waits or fails when told. */
export class FakeEmbeddingProvider extends EmbeddingProvider {
  override readonly modelId = 'fake-embedding';
  override readonly dimensions = 8;
  override maxBatch = 4;
  override capabilities: EmbeddingCapabilities = { semantic: true, worthCaching: true };
  /** Every batch so far. */
  readonly batches: { readonly texts: readonly string[]; readonly context: ModelCallContext }[] = [];
  /** Calls wait for this. */
  gate: Promise<void> = Promise.resolve();
  /** The next call fails with this. */
  failure: Error | undefined;

  override async embed(texts: readonly string[], context: ModelCallContext): Promise<Float32Array[]> {
    context.signal?.throwIfAborted();
    if (texts.length === 0) return [];
    this.batches.push({ texts, context });
    await this.gate;
    context.signal?.throwIfAborted();
    const failure = this.failure;
    this.failure = undefined;
    if (failure !== undefined) throw failure;
    return texts.map((text) => {
      const vector = new Float32Array(fakeVector(text, this.dimensions));
      normalise(vector);
      return vector;
    });
  }
}
