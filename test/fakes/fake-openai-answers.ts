import { createHash } from 'node:crypto';
import type { Fault } from './fake-openai.types.ts';

type EmbeddingsFault = Extract<Fault, { kind: 'embeddings' }>['fault'];

interface EmbeddingRow {
  object: 'embedding';
  index: number;
  embedding: string | number[];
}

/** Fixed tokens a call, so that tests can count on them. */
export const FAKE_USAGE = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 } as const;

/** The vector that the fake server gives a text: of any length, the same for the same text. */
export function fakeVector(text: string, dimensions: number): number[] {
  const digest = createHash('sha256').update(text).digest();
  return Array.from({ length: dimensions }, (_, i) => (digest[i % digest.length] ?? 0) - 127.5 + Math.floor(i / digest.length));
}

function encoded(vector: readonly number[], format: unknown): string | number[] {
  if (format !== 'base64') return [...vector];
  return Buffer.from(new Float32Array(vector).buffer).toString('base64');
}

const EMBEDDING_FAULTS: Readonly<Record<EmbeddingsFault, (rows: EmbeddingRow[], vector: (length?: number) => string | number[]) => EmbeddingRow[]>> = {
  shuffled: (rows) => rows.toReversed(),
  missing: (rows) => rows.slice(1),
  extra: (rows, vector) => [...rows, { object: 'embedding', index: rows.length, embedding: vector() }],
  'duplicate-index': (rows) => rows.map((row) => ({ ...row, index: 0 })),
  'wrong-dimension': (rows, vector) => rows.map((row, i) => (i === rows.length - 1 ? { ...row, embedding: vector(3) } : row)),
  'not-finite': (rows) => rows.map((row) => ({ ...row, embedding: Buffer.from(new Float32Array([Number.NaN, 1]).buffer).toString('base64') })),
  zero: (rows) => rows.map((row) => ({ ...row, embedding: [0, 0, 0, 0, 0, 0, 0, 0] })),
};

/** The body of an answer to `/embeddings`. */
export function embeddingsAnswer(body: Readonly<Record<string, unknown>>, dimensions: number, fault?: EmbeddingsFault): unknown {
  const input = (Array.isArray(body['input']) ? body['input'] : [body['input']]) as string[];
  const length = typeof body['dimensions'] === 'number' ? body['dimensions'] : dimensions;
  const format = body['encoding_format'];
  const rows = input.map((text, index): EmbeddingRow => ({ object: 'embedding', index, embedding: encoded(fakeVector(text, length), format) }));
  const changed = fault === undefined ? rows : EMBEDDING_FAULTS[fault](rows, (other = length) => encoded(fakeVector('other', other), format));
  return { object: 'list', model: body['model'], data: changed, usage: { prompt_tokens: input.length, total_tokens: input.length } };
}

/** The body of a whole answer to `/chat/completions`. */
export function chatAnswer(body: Readonly<Record<string, unknown>>, text: string): unknown {
  const choice = { index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' };
  return { id: 'chatcmpl-fake', object: 'chat.completion', model: body['model'], choices: [choice], usage: FAKE_USAGE };
}

/** The events of a streamed answer before `[DONE]`: one a word, one with the reason of the end, one with the usage if asked for. */
export function chatEvents(body: Readonly<Record<string, unknown>>, text: string): unknown[] {
  const event = (delta: object, finish: string | null): unknown => ({
    id: 'chatcmpl-fake',
    object: 'chat.completion.chunk',
    model: body['model'],
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  const words = text.match(/\S+\s*/g) ?? [];
  const usage = body['stream_options'] === undefined ? [] : [{ id: 'chatcmpl-fake', object: 'chat.completion.chunk', choices: [], usage: FAKE_USAGE }];
  return [...words.map((word) => event({ content: word }, null)), event({}, 'stop'), ...usage];
}
