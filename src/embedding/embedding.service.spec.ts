import { FakeEmbeddingProvider } from '../../test/fakes/fake-embedding-provider.ts';
import { FakeClock } from '../../test/fakes/fake-clock.ts';
import { eventually } from '../../test/fakes/eventually.ts';
import { callContext, openGatewayStack } from '../../test/fixtures/gateway-stack.ts';
import { MemoryCacheStore } from '../cache/adapters/memory-cache-store.ts';
import { CacheService } from '../cache/cache.service.ts';
import { LocalEmbeddingProvider } from './adapters/local-embedding.adapter.ts';
import { OpenAiEmbeddingProvider } from './adapters/openai-embedding.adapter.ts';
import type { EmbeddingProvider } from './embedding-provider.port.ts';
import { EmbeddingService } from './embedding.service.ts';

function openCache(clock = new FakeClock()): CacheService {
  return new CacheService([new MemoryCacheStore(1_000_000, clock)], { ttlMs: 60_000 }, clock);
}

function serviceOver(provider: EmbeddingProvider, cache = openCache()): EmbeddingService {
  return new EmbeddingService(provider, cache);
}

async function expected(texts: readonly string[]): Promise<Float32Array[]> {
  return await new FakeEmbeddingProvider().embed(texts, callContext());
}

describe('EmbeddingService', () => {
  it('keeps the order over batches of what the provider takes, and embeds equal texts once', async () => {
    const provider = new FakeEmbeddingProvider();
    const texts = ['a', 'b', 'a', 'c', 'd', 'e', 'b', 'f'];
    expect(await serviceOver(provider).embed(texts, callContext())).toEqual(await expected(texts));
    expect(provider.batches.map((batch) => batch.texts)).toEqual([['a', 'b', 'c', 'd'], ['e', 'f']]);
  });

  it('embeds no texts without a call', async () => {
    const provider = new FakeEmbeddingProvider();
    expect(await serviceOver(provider).embed([], callContext())).toEqual([]);
    expect(provider.batches).toEqual([]);
  });

  it('asks the cache first, a server only for what it lacks, and for nothing the second time', async () => {
    const stack = await openGatewayStack();
    const cache = openCache();
    const open = (): EmbeddingService => serviceOver(new OpenAiEmbeddingProvider(() => stack.client, { model: 'e', dimensions: undefined }), cache);
    const first = await open().embed(['a', 'b'], callContext());
    expect(await open().embed(['b', 'a'], callContext())).toEqual(first.toReversed());
    expect(stack.server.calls()).toBe(1);
    await open().embed(['a', 'c'], callContext());
    expect(stack.server.requests[1]?.body['input']).toEqual(['c']);
    await stack.stop();
  });

  it('knows the dimension of a model from the cache alone', async () => {
    const stack = await openGatewayStack();
    const cache = openCache();
    const open = (): EmbeddingService => serviceOver(new OpenAiEmbeddingProvider(() => stack.client, { model: 'e', dimensions: undefined }), cache);
    await open().embed(['a'], callContext());
    const second = open();
    expect(second.describe()).toEqual({ modelId: 'e', dimensions: undefined, semantic: true, maxBatch: 128 });
    await second.embed(['a'], callContext());
    expect(second.describe().dimensions).toBe(8);
    await stack.stop();
  });

  it("keeps workspaces' cached vectors apart", async () => {
    const provider = new FakeEmbeddingProvider();
    const service = serviceOver(provider);
    await service.embed(['a'], callContext());
    await service.embed(['a'], { ...callContext(), workspaceUid: 'w2' });
    expect(provider.batches).toHaveLength(2);
  });

  it('leaves the cache alone where making a vector is cheaper', async () => {
    const cache = openCache();
    await serviceOver(new LocalEmbeddingProvider(), cache).embed(['a', 'b'], callContext());
    expect(cache.figures().map(({ hits, misses, bytes }) => ({ hits, misses, bytes }))).toEqual([{ hits: 0, misses: 0, bytes: 0 }]);
  });

  it('makes a new vector where the cached bytes are none of this model', async () => {
    const cache = openCache();
    const provider = new FakeEmbeddingProvider();
    const key = { kind: 'embedding', version: provider.modelId, parts: ['a'] };
    await cache.set({ kind: 'workspace', uid: 'w1' }, key, new Uint8Array(12));
    expect(await serviceOver(provider, cache).embed(['a'], callContext())).toEqual(await expected(['a']));
  });

  describe('callers at the same time', () => {
    let provider: FakeEmbeddingProvider;
    let service: EmbeddingService;
    let go: () => void;
    beforeEach(() => {
      provider = new FakeEmbeddingProvider();
      const held = Promise.withResolvers<undefined>();
      provider.gate = held.promise;
      go = () => {
        held.resolve(undefined);
      };
      service = serviceOver(provider);
    });

    it('share what is under way', async () => {
      const first = service.embed(['a', 'b'], callContext());
      await eventually(() => provider.batches.length === 1);
      const second = service.embed(['c', 'b', 'a'], callContext());
      await eventually(() => provider.batches.length === 2);
      go();
      expect(await first).toEqual(await expected(['a', 'b']));
      expect(await second).toEqual(await expected(['c', 'b', 'a']));
      expect(provider.batches.map((batch) => batch.texts)).toEqual([['a', 'b'], ['c']]);
    });

    it('do not share between lanes, so that a question never waits behind an ingestion', async () => {
      const bulk = service.embed(['a'], callContext('bulk'));
      const interactive = service.embed(['a'], callContext('interactive'));
      await eventually(() => provider.batches.length === 2);
      go();
      expect(await bulk).toEqual(await interactive);
    });

    it('do not suffer from the abort of one of them', async () => {
      const leaver = new AbortController();
      const first = service.embed(['a', 'b'], callContext('bulk', leaver.signal));
      await eventually(() => provider.batches.length === 1);
      const second = service.embed(['a'], callContext('bulk'));
      await new Promise((resolve) => setImmediate(resolve));
      const left = expect(first).rejects.toThrow('left');
      leaver.abort(new Error('left'));
      await left;
      expect(provider.batches[0]?.context.signal?.aborted).toBe(false);
      go();
      expect(await second).toEqual(await expected(['a']));
      expect(provider.batches).toHaveLength(1);
    });

    it('cancel the call when the last of them has left, and the next one asks anew', async () => {
      const leaver = new AbortController();
      const calls = [service.embed(['a'], callContext('bulk', leaver.signal)), service.embed(['a'], callContext('bulk', leaver.signal))];
      const left = Promise.all(calls.map((call) => expect(call).rejects.toThrow('left')));
      await eventually(() => provider.batches.length === 1);
      leaver.abort(new Error('left'));
      await left;
      expect(provider.batches[0]?.context.signal?.aborted).toBe(true);
      const next = service.embed(['a'], callContext('bulk'));
      await eventually(() => provider.batches.length === 2);
      go();
      await next;
    });

    it('all see a failure, of which nothing is kept', async () => {
      provider.failure = new Error('the server fell over');
      const calls = [service.embed(['a'], callContext()), service.embed(['a'], callContext())];
      const failed = Promise.all(calls.map((call) => expect(call).rejects.toThrow('the server fell over')));
      go();
      await failed;
      expect(await service.embed(['a'], callContext())).toEqual(await expected(['a']));
    });
  });
});
