import { FakeClock } from '../../../test/fakes/fake-clock.ts';
import { FakeEmbeddingProvider } from '../../../test/fakes/fake-embedding-provider.ts';
import { MemoryCacheStore } from '../../cache/adapters/memory-cache-store.ts';
import { CacheService } from '../../cache/cache.service.ts';
import { loadSettings } from '../../config/load-settings.ts';
import { EmbeddingService } from '../../embedding/embedding.service.ts';
import type { IngestRun } from './ingest-run.ts';
import type { NumberedChunk } from './open-document.ts';
import { type EmbeddedChunks, PassageVectors } from './passage-vectors.ts';

const run = { workspace: { uid: 'w' }, reporter: { countModelCall: () => undefined } } as unknown as IngestRun;
const SENTENCE = 'One sentence is as long as another.';
const chunk = (id: string, title: string, sentences: number): NumberedChunk => {
  const text = Array.from({ length: sentences }, (_, i) => `${String(i)} ${SENTENCE}`).join(' ');
  return { id, chunk: { title, text, blocks: [0] } } as unknown as NumberedChunk;
};

describe('PassageVectors', () => {
  let provider: FakeEmbeddingProvider;
  beforeEach(() => {
    provider = new FakeEmbeddingProvider();
    provider.maxBatch = 100_000;
  });

  async function embed(setting: string, ...chunks: NumberedChunk[]): Promise<EmbeddedChunks[]> {
    const clock = new FakeClock();
    const embedding = new EmbeddingService(provider, new CacheService([new MemoryCacheStore(50_000_000, clock)], { ttlMs: 60_000 }, clock));
    return await Array.fromAsync(new PassageVectors(embedding, loadSettings({ SENTENCE_VECTORS: setting }).ingestion).of(run, chunks));
  }
  const rows = (parts: readonly EmbeddedChunks[]): number[] => parts.flatMap(({ vectors }) => vectors.map(({ sentenceVectors }) => (sentenceVectors?.length ?? 0) / provider.dimensions));

  it('gives sentences of long passages vectors, of all, or of none, as the setting says', async () => {
    const chunks = [chunk('a', 'Short', 8), chunk('b', 'Long', 9), chunk('c', 'Empty', 0)];
    expect(rows(await embed('auto', ...chunks))).toEqual([0, 9, 0]);
    expect(rows(await embed('on', ...chunks))).toEqual([8, 9, 0]);
    expect(rows(await embed('off', ...chunks))).toEqual([0, 0, 0]);
  });

  it('puts the title before passage and sentence, where there is one', async () => {
    const parts = await embed('on', chunk('a', 'Oslo', 2), chunk('b', '', 1));
    const texts = ['Oslo. 0 One sentence is as long as another. 1 One sentence is as long as another.', `Oslo: 0 ${SENTENCE}`, `Oslo: 1 ${SENTENCE}`, `0 ${SENTENCE}`];
    expect(provider.batches.map((batch) => batch.texts)).toEqual([texts]);
    const [own, first, second, alone] = await provider.embed(texts, { lane: 'bulk', workspaceUid: 'w', operation: 'test' });
    expect(parts[0]?.space).toEqual({ modelId: 'fake-embedding', dimensions: 8, semantic: true });
    expect(parts[0]?.vectors).toEqual([
      { vector: own, sentenceVectors: Float32Array.of(...(first ?? []), ...(second ?? [])) },
      { vector: alone, sentenceVectors: alone },
    ]);
  });

  it('asks for nothing where vectors mean nothing, or where there are no chunks', async () => {
    provider.capabilities = { semantic: false, worthCaching: false };
    const parts = await embed('on', chunk('a', 'Long', 20));
    expect(parts.map(({ vectors, space }) => [vectors, space])).toEqual([[[{}], undefined]]);
    expect(await embed('on')).toEqual([]);
    expect(provider.batches).toEqual([]);
  });

  it('comes in parts, so that long passages do not fill the memory', async () => {
    const parts = await embed('auto', ...Array.from({ length: 50 }, (_, i) => chunk(String(i), `T${String(i)}`, 200)));
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.flatMap(({ chunks }) => chunks.map(({ id }) => id))).toEqual(Array.from({ length: 50 }, (_, i) => String(i)));
    for (const { texts } of provider.batches) expect(texts.length).toBeLessThanOrEqual(4000);
  });
});
