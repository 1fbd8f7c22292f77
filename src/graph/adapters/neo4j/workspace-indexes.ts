import type { EmbeddingSpace, WorkspaceRef } from '../../graph.types.ts';
import { dimensionMismatch } from './graph-faults.ts';
import type { Neo4jGraph } from './neo4j-graph.service.ts';
import { searchableLabel, textIndexName, vectorIndexName } from './workspace-names.ts';

/** How long an index of what is there may take to be filled, in seconds. */
const AWAIT_S = 300;
/** What a workspace's uid is made of: it stands in statements that take no parameters. */
const SAFE = /^[\w-]+$/;

/** Makes the index over the words of a workspace's passages, and waits until it can be asked. The terms in it are stems already. */
export async function makeTextIndex(graph: Neo4jGraph, { uid }: WorkspaceRef): Promise<void> {
  const name = textIndexName(checked(uid));
  await graph.schema([
    `CREATE FULLTEXT INDEX \`${name}\` IF NOT EXISTS FOR (c:\`${searchableLabel(uid)}\`) ON EACH [c.titleNorm, c.titleStems, c.bodyStems]
     OPTIONS {indexConfig: {\`fulltext.analyzer\`: 'whitespace'}}`,
  ]);
  await graph.read('CALL db.awaitIndex($name, $seconds)', { name, seconds: AWAIT_S });
}

/**
 * Makes the index over the vectors of a workspace unless there is one, and waits until it can be asked.
 * @throws GraphError `embedding-dimension-mismatch` if there is one of another dimension; it stays as it is
 */
export async function makeVectorIndex(graph: Neo4jGraph, { uid }: WorkspaceRef, { dimensions }: EmbeddingSpace): Promise<void> {
  const name = vectorIndexName(checked(uid));
  await graph.schema([
    `CREATE VECTOR INDEX \`${name}\` IF NOT EXISTS FOR (c:\`${searchableLabel(uid)}\`) ON (c.vector)
     OPTIONS {indexConfig: {\`vector.dimensions\`: ${String(dimensions)}, \`vector.similarity_function\`: 'cosine'}}`,
  ]);
  const dimensionsOf = "SHOW INDEXES YIELD name, options WHERE name = $name RETURN options.indexConfig['vector.dimensions'] AS dimensions";
  const [made] = await graph.read<{ dimensions: number }>(dimensionsOf, { name });
  if (made !== undefined && made.dimensions !== dimensions) {
    throw dimensionMismatch(`The workspace's vector index is of ${String(made.dimensions)} dimensions, the vectors are of ${String(dimensions)}.`);
  }
  await graph.read('CALL db.awaitIndex($name, $seconds)', { name, seconds: AWAIT_S });
}

export async function dropVectorIndex(graph: Neo4jGraph, { uid }: WorkspaceRef): Promise<void> {
  await graph.schema([`DROP INDEX \`${vectorIndexName(checked(uid))}\` IF EXISTS`]);
}

export async function dropIndexes(graph: Neo4jGraph, { uid }: WorkspaceRef): Promise<void> {
  await graph.schema([textIndexName(checked(uid)), vectorIndexName(uid)].map((name) => `DROP INDEX \`${name}\` IF EXISTS`));
}

function checked(uid: string): string {
  if (!SAFE.test(uid)) throw new Error('A workspace has a uid that is none.');
  return uid;
}
