import type { ChatMessage, ChatOptions, OptionalPart } from '../models.types.ts';

const JSON_SCHEMA: OptionalPart = { name: 'json_schema', hint: /json_schema|response_format|structured|schema/i, guess: true };
const JSON_MODE: OptionalPart = { name: 'json_object', hint: /json_object|response_format|json mode/i, guess: true };
const STREAM_USAGE: OptionalPart = { name: 'stream_options', hint: /stream_options|include_usage/i, guess: true };
const TEMPERATURE: OptionalPart = { name: 'temperature', hint: /temperature/i, guess: false };
const MAX_TOKENS: OptionalPart = { name: 'max_tokens', hint: /max_tokens/i, guess: false };

/** The parts of a chat request that a server may refuse, in the order in which to do without. */
export function optionalChatParts(options: ChatOptions, streamed: boolean): OptionalPart[] {
  return [
    ...(options.temperature === undefined ? [] : [TEMPERATURE]),
    ...(options.maxTokens === undefined ? [] : [MAX_TOKENS]),
    ...(options.jsonSchema === undefined ? [] : [JSON_SCHEMA, JSON_MODE]),
    ...(streamed ? [STREAM_USAGE] : []),
  ];
}

type JsonSchema = NonNullable<ChatOptions['jsonSchema']>;

/** Where the schema itself is refused it is told in words; JSON mode wants the word JSON in a message anyway. */
function withSchemaInWords(messages: readonly ChatMessage[], { schema }: JsonSchema): ChatMessage[] {
  const words = `Answer with one JSON object that fits this JSON Schema, and with nothing else:\n${JSON.stringify(schema)}`;
  const [first, ...rest] = messages;
  if (first?.role !== 'system') return [{ role: 'system', content: words }, ...messages];
  return [{ role: 'system', content: `${first.content}\n\n${words}` }, ...rest];
}

function jsonFields(messages: readonly ChatMessage[], jsonSchema: JsonSchema, refused: ReadonlySet<string>): Record<string, unknown> {
  if (!refused.has(JSON_SCHEMA.name)) {
    return { messages, response_format: { type: 'json_schema', json_schema: { name: jsonSchema.name, strict: true, schema: jsonSchema.schema } } };
  }
  const inWords = { messages: withSchemaInWords(messages, jsonSchema) };
  return refused.has(JSON_MODE.name) ? inWords : { ...inWords, response_format: { type: 'json_object' } };
}

/** The body of a chat request, without what the server refuses; newer models take `max_completion_tokens` for `max_tokens`. */
export function chatBody(messages: readonly ChatMessage[], options: ChatOptions, refused: ReadonlySet<string>): Record<string, unknown> {
  const { model, temperature, maxTokens, jsonSchema } = options;
  return {
    model,
    ...(jsonSchema === undefined ? { messages } : jsonFields(messages, jsonSchema, refused)),
    ...(temperature === undefined || refused.has(TEMPERATURE.name) ? {} : { temperature }),
    ...(maxTokens === undefined ? {} : { [refused.has(MAX_TOKENS.name) ? 'max_completion_tokens' : 'max_tokens']: maxTokens }),
  };
}
