import { Injectable } from '@nestjs/common';
import type { ModelCallContext } from '../models/models.types.ts';
import { LocalEmbeddingProvider } from './adapters/local-embedding.adapter.ts';

/** Vectors of names, made here and for nothing, whatever embedding model is configured: near ones are spelled alike. */
@Injectable()
export class NameVectors {
  readonly #local = new LocalEmbeddingProvider();

  /** One of unit length a name, in their order. Rejects with the signal's reason. */
  async of(names: readonly string[], context: ModelCallContext): Promise<Float32Array[]> {
    const all: Float32Array[] = [];
    for (let i = 0; i < names.length; i += this.#local.maxBatch) all.push(...(await this.#local.embed(names.slice(i, i + this.#local.maxBatch), context)));
    return all;
  }
}
