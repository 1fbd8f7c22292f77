import { Injectable, Optional } from '@nestjs/common';
import { CacheService } from '../cache/cache.service.ts';
import type { CacheKey } from '../cache/cache.types.ts';
import { UsageLedger } from '../models/ledger/usage-ledger.service.ts';
import type { ModelCallContext } from '../models/models.types.ts';
import { type Scope, workspaceScope } from '../storage/storage.types.ts';
import { EmbeddingProvider } from './embedding-provider.port.ts';
import type { EmbeddingDescription } from './embedding.types.ts';
import { SharedBatches } from './shared-batches.ts';
import { bytesToVector, vectorToBytes } from './vector-bytes.ts';

/** Calls for questions of a workspace at once; those asked meanwhile go together in the next call, so that a crowd costs few calls. */
const QUESTIONS_AT_ONCE = 4;

/** Texts to vectors: the cache asked first, each distinct text once, in batches the provider takes, in the order of the texts. */
@Injectable()
export class EmbeddingService {
  readonly #batches = new SharedBatches();
  #dimensionsSeen: number | undefined;

  constructor(
    private readonly provider: EmbeddingProvider,
    private readonly cache: CacheService,
    @Optional() private readonly ledger?: UsageLedger,
  ) {}

  /** What makes the vectors here. */
  describe(): EmbeddingDescription {
    const { modelId, dimensions, capabilities, maxBatch } = this.provider;
    return { maxBatch, modelId, dimensions: dimensions ?? this.#dimensionsSeen, semantic: capabilities.semantic };
  }

  /**
   * One vector of unit length a text, in the order of the texts; equal texts share one, so vectors are not to be changed. Texts that
   * another call of the same lane and workspace is already asking for are waited for; an abort ends this caller's wait only.
   * @throws ModelError, EmbeddingError; the reason of `context.signal` as soon as it is aborted
   */
  async embed(texts: readonly string[], context: ModelCallContext): Promise<Float32Array[]> {
    const distinct = [...new Set(texts)];
    const known = this.provider.capabilities.worthCaching ? await this.#fromCache(distinct, context) : new Map<string, Float32Array>();
    const missing = distinct.filter((text) => !known.has(text));
    const request = {
      texts: missing,
      group: `${context.lane} ${context.workspaceUid}`,
      maxBatch: this.provider.maxBatch,
      ...(context.lane === 'interactive' ? { atOnce: QUESTIONS_AT_ONCE } : {}),
      signal: context.signal,
    };
    const made = await this.#batches.vectors(request, (batch, signal) => this.#embedBatch(batch, { ...context, signal }));
    return texts.map((text) => known.get(text) ?? made.get(text)).filter((vector) => vector !== undefined);
  }

  async #fromCache(texts: readonly string[], context: ModelCallContext): Promise<Map<string, Float32Array>> {
    const found = await this.cache.getMany(scopeOf(context), texts.map((text) => this.#keyOf(text)), reachOf(context));
    const dimensions = this.provider.dimensions;
    const known = new Map<string, Float32Array>();
    for (const [i, text] of texts.entries()) {
      const bytes = found[i];
      const vector = bytes === undefined ? undefined : bytesToVector(bytes);
      if (vector === undefined || (dimensions !== undefined && vector.length !== dimensions)) continue;
      known.set(text, vector);
      this.#dimensionsSeen ??= vector.length;
    }
    this.ledger?.cached({ workspaceUid: context.workspaceUid, operation: context.operation, model: this.provider.modelId }, known.size);
    return known;
  }

  async #embedBatch(texts: readonly string[], context: ModelCallContext): Promise<ReadonlyMap<string, Float32Array>> {
    const vectors = await this.provider.embed(texts, context);
    const pairs = texts.flatMap((text, i): [string, Float32Array][] => {
      const vector = vectors[i];
      return vector === undefined ? [] : [[text, vector]];
    });
    if (this.provider.capabilities.worthCaching) {
      const entries = pairs.map(([text, vector]) => ({ key: this.#keyOf(text), value: vectorToBytes(vector) }));
      await this.cache.setMany(scopeOf(context), entries, reachOf(context));
    }
    return new Map(pairs);
  }

  #keyOf(text: string): CacheKey {
    return { kind: 'embedding', version: this.provider.modelId, parts: [text] };
  }
}

/** A question is seldom asked again, and a file for each would cost more than the call. What is ingested is kept in every tier. */
function reachOf({ lane }: ModelCallContext): { readonly firstTierOnly: boolean } {
  return { firstTierOnly: lane === 'interactive' };
}

function scopeOf(context: ModelCallContext): Scope {
  return workspaceScope({ uid: context.workspaceUid });
}
