import { z } from 'zod';
import type { DescribedRoute } from './described-routes.service.ts';
import { ROUTE_SUMMARIES } from './route-summaries.ts';

/** A JSON Schema. */
export type Schema = Readonly<Record<string, unknown>>;

/** One operation of the document, as far as it is written here. */
export interface Operation {
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly { name: string; in: 'path' | 'query'; required: boolean; schema: Schema }[];
  readonly requestBody?: { required: boolean; content: Readonly<Record<string, { schema: Schema }>> };
  readonly responses: Readonly<Record<string, unknown>>;
  /** The right that the caller needs. */
  readonly 'x-right': string;
}

/** An OpenAPI 3.1 document. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: { title: string; version: string; description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, unknown>>;
}

const PROBLEM = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', description: 'Stable; docs/errors.md explains each.' },
    requestId: { type: 'string' },
    remedy: { type: 'string' },
  },
};

const ERROR = { description: 'A problem (RFC 9457)', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } };

/** The description of the routes in OpenAPI 3.1, from what their decorators say. */
export function openApiDocument(routes: readonly DescribedRoute[], version: string): OpenApiDocument {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method.toLowerCase()] = operationOf(route);
  return {
    openapi: '3.1.0',
    info: { title: 'graphrag-chat', version, description: 'Answers questions from your own documents and shows where every part of the answer comes from.' },
    paths,
    components: { schemas: { Problem: PROBLEM }, securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'A key or an access token.' } } },
  };
}

function operationOf(route: DescribedRoute): Operation {
  return {
    summary: ROUTE_SUMMARIES[`${route.method} ${route.path}`] ?? '',
    tags: [route.path.split('/')[1] ?? ''],
    security: route.right === 'public' ? [] : [{ bearer: [] }],
    parameters: [...route.parameters.map((name) => ({ name, in: 'path' as const, required: true, schema: { type: 'string' } })), ...queryOf(route)],
    ...(route.body === undefined ? {} : { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(route.body) } } } }),
    responses: { [String(route.status)]: { description: 'Done' }, default: ERROR },
    'x-right': route.right,
  };
}

function queryOf({ query }: DescribedRoute): Operation['parameters'] {
  if (query === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(query) as { properties?: Record<string, Schema>; required?: string[] };
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query' as const, required: required.includes(name), schema }));
}

function schemaOf(schema: z.ZodType): Schema {
  // What cannot be told in JSON Schema (a transform's target) is left open rather than failing the page.
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}
