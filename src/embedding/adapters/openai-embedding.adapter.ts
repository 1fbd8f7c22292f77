import { z } from 'zod';
import type { ModelClient } from '../../models/model-client.port.ts';
import type { ModelCallContext, OptionalPart } from '../../models/models.types.ts';
import { type EmbeddingCapabilities, EmbeddingProvider } from '../embedding-provider.port.ts';
import { EmbeddingError } from '../embedding.errors.ts';
import { normalise } from '../unit-vector.ts';
import { bytesToVector } from '../vector-bytes.ts';

/** OpenAI takes 2,048 texts but 300,000 tokens a call; 128 of our longest passages (2,048 tokens) stay below. */
const MAX_BATCH = 128;

const BASE64: OptionalPart = { name: 'encoding_format', hint: /encoding_format|base64/i, guess: true };
const DIMENSIONS: OptionalPart = { name: 'dimensions', hint: /dimension|matryoshka/i, guess: false };

const answer = z.object({ data: z.array(z.object({ index: z.number().int().optional(), embedding: z.unknown() })) });
type Rows = z.output<typeof answer>['data'];

/** Which model is asked, and how long its vectors are to be, if that is set. */
export interface OpenAiEmbeddingOptions {
  readonly model: string;
  readonly dimensions: number | undefined;
}

/** Vectors of a model behind an OpenAI-compatible server. */
export class OpenAiEmbeddingProvider extends EmbeddingProvider {
  override readonly modelId: string;
  override readonly maxBatch = MAX_BATCH;
  override readonly capabilities: EmbeddingCapabilities = { semantic: true, worthCaching: true };
  readonly #client: () => ModelClient;
  readonly #options: OpenAiEmbeddingOptions;
  #dimensions: number | undefined;

  /** @param client the client to call with, asked for at each call, because it is opened after this is made */
  constructor(client: () => ModelClient, options: OpenAiEmbeddingOptions) {
    super();
    this.#client = client;
    this.#options = options;
    this.#dimensions = options.dimensions;
    this.modelId = options.dimensions === undefined ? options.model : `${options.model}@${String(options.dimensions)}`;
  }

  override get dimensions(): number | undefined {
    return this.#dimensions;
  }

  override async embed(texts: readonly string[], context: ModelCallContext): Promise<Float32Array[]> {
    context.signal?.throwIfAborted();
    if (texts.length === 0) return [];
    context.onCall?.();
    const { model, dimensions } = this.#options;
    const optional = dimensions === undefined ? [BASE64] : [DIMENSIONS, BASE64];
    // OpenAI refuses the empty text.
    const input = texts.map((text) => (text === '' ? ' ' : text));
    const { body } = await this.#client().post({ kind: 'embedding', model, context, optional }, (refused) => ({
      model,
      input,
      ...(refused.has(BASE64.name) ? {} : { encoding_format: 'base64' }),
      ...(dimensions === undefined || refused.has(DIMENSIONS.name) ? {} : { dimensions }),
    }));
    return this.#vectors(body, texts.length);
  }

  #vectors(body: unknown, count: number): Float32Array[] {
    const { data, success, error } = answer.safeParse(body);
    if (!success) throw new EmbeddingError('The embedding server answered with JSON that holds no embeddings.', { cause: error });
    if (data.data.length !== count) {
      throw new EmbeddingError(`The embedding server answered ${String(count)} texts with ${String(data.data.length)} vectors.`);
    }
    return inOrder(data.data).map((embedding) => this.#checked(embedding));
  }

  #checked(embedding: unknown): Float32Array {
    const vector = decoded(embedding);
    if (vector === undefined || !normalise(vector)) throw new EmbeddingError('The embedding server answered with something that is no vector.');
    this.#dimensions ??= vector.length;
    if (vector.length === this.#dimensions) return vector;
    throw new EmbeddingError(
      `The embedding server answered with ${String(vector.length)} dimensions, and ${String(this.#dimensions)} were expected.`,
      { remedy: 'Set EMBEDDING_DIMENSIONS to what the model gives, or leave it out; if the model changed, restart and run `reindex`.' },
    );
  }
}

/** The embeddings in the order of the texts: by `index`, or as they come where the server gives none. */
function inOrder(rows: Rows): unknown[] {
  const ordered = new Map(rows.map((row, position) => [row.index ?? position, row.embedding]));
  return rows.map((_row, i) => {
    if (!ordered.has(i)) throw new EmbeddingError(`The embedding server left out the vector of text ${String(i)}.`);
    return ordered.get(i);
  });
}

function decoded(embedding: unknown): Float32Array | undefined {
  if (typeof embedding === 'string') return bytesToVector(Buffer.from(embedding, 'base64'));
  if (!Array.isArray(embedding) || !embedding.every((x) => typeof x === 'number')) return undefined;
  return new Float32Array(embedding);
}
