// Writing chunks with vectors, entities and mentions to Neo4j: DocumentWriter, 500 documents a publication, against a bare script that
// writes the same nodes and relationships, worked out beforehand, by UNWIND of 500 rows a transaction. Rounds alternate; medians count.
// usage: NEO4J_URI=… NEO4J_PASSWORD=… node test/benchmarks/neo4j-document-writer.mjs <corpus.jsonl> [passages = 2000] [rounds = 3] [dimensions = 384]
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import neo4j from 'neo4j-driver';

const [corpus, passages = '2000', rounds = '3', dimensions = '384'] = process.argv.slice(2);
const dist = new URL('../../dist/', import.meta.url);
const load = (path) => import(new URL(path, dist).href);
const { Neo4jConnection } = await load('storage/neo4j-connection.service.js');
const { Neo4jGraph } = await load('graph/adapters/neo4j/neo4j-graph.service.js');
const { Neo4jWorkspaceStore } = await load('graph/adapters/neo4j/neo4j-workspace-store.js');
const { Neo4jDocumentWriter } = await load('graph/adapters/neo4j/neo4j-document-writer.js');
const { makeTextIndex, makeVectorIndex, dropIndexes } = await load('graph/adapters/neo4j/workspace-indexes.js');
const { SystemClock } = await load('common/clock/system-clock.js');
const { RandomIdSource } = await load('common/clock/random-id-source.js');
const { loadSettings } = await load('config/load-settings.js');
const { chunkIdOf, documentIdOf } = await load('graph/ids.types.js');
const { analysePassage } = await load('common/text/analysis.js');

const ROWS = 500;
const SPACE = { modelId: 'random', dimensions: Number(dimensions), semantic: true };
const { store } = loadSettings({ ...process.env, STORE: 'neo4j' });
const [clock, ids] = [new SystemClock(), new RandomIdSource()];
const connection = new Neo4jConnection(store, clock, ids);
const graph = new Neo4jGraph(connection);
const workspaces = new Neo4jWorkspaceStore(graph, clock, ids);
const driver = neo4j.driver(store.neo4j.uri, neo4j.auth.basic(store.neo4j.username, store.neo4j.password), { disableLosslessIntegers: true });

let seed = 1;
const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648 - 0.5;
function unitVector() {
  const vector = Float32Array.from({ length: SPACE.dimensions }, random);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/** Documents of one passage; its title and first eight capitalised runs are entities, the first three related to the title. */
const documents = readFileSync(corpus, 'utf8').trim().split('\n').slice(0, Number(passages)).map((line) => {
  const { id, title, text } = JSON.parse(line);
  const names = [...new Set([title, ...analysePassage(title, text, []).runs.slice(0, 8)])];
  const entities = names.map((name) => ({ name, type: 'thing', description: '' }));
  const relations = names.slice(1, 4).map((target) => ({ source: title, target, type: 'names', description: '' }));
  return { id: String(id), title, text, vector: unitVector(), extraction: { entities, relations } };
});

const inputOf = ({ id, title }) => {
  const range = { key: `blob-${id}`, start: 0, end: 1 };
  return { externalId: id, title, mediaType: 'text/plain', contentHash: id, metadata: {}, original: range, text: range };
};

function chunkOf(uid, { id: externalId, title, text, vector, extraction }) {
  const id = chunkIdOf(documentIdOf(uid, externalId), title, text, 0);
  return { id, ordinal: 0, position: { start: 0, end: text.length }, content: { id, title, text, blocks: [] }, vector, extraction };
}

async function publishAll(workspace) {
  const writer = new Neo4jDocumentWriter(graph, clock, ids);
  for (let i = 0; i < documents.length; i += ROWS) {
    const part = documents.slice(i, i + ROWS);
    const generations = await writer.begin(workspace, part.map(inputOf));
    await writer.writeBatch(workspace, part.map((document, j) => ({ generation: generations[j], chunks: [chunkOf(workspace.uid, document)] })), SPACE);
    await writer.publish(workspace, generations);
  }
}

// What is there at the end, by kind: how a node is found again, and the kinds of relationships.
const KEY = { Document: 'id', Chunk: 'id', Name: 'norm', Term: 'token', Entity: 'id', Relation: 'id' };
const LINKS = [
  ['Document', 'HAS', 'Chunk'], ['Chunk', 'TITLE', 'Name'], ['Chunk', 'MENTION', 'Name'], ['Chunk', 'IN_TITLE', 'Name'], ['Chunk', 'RUN', 'Name'], ['Chunk', 'GRAM', 'Name'],
  ['Chunk', 'MENTIONS', 'Entity'], ['Chunk', 'ASSERTS', 'Relation'], ['Relation', 'SOURCE', 'Entity'], ['Relation', 'TARGET', 'Entity'], ['Entity', 'RELATED', 'Entity'],
];
const integers = (value) => (Number.isInteger(value) ? neo4j.int(value) : Array.isArray(value) ? value : value);

async function contentOf({ uid }) {
  const nodes = {};
  for (const label of Object.keys(KEY)) {
    const { records } = await driver.executeQuery(`MATCH (n:${label}) WHERE n.workspace = $uid RETURN properties(n) AS properties`, { uid });
    nodes[label] = records.map((record) => record.get('properties'));
  }
  const links = [];
  for (const [from, type, to] of LINKS) {
    const cypher = `MATCH (a:${from})-[r:${type}]->(b:${to}) WHERE a.workspace = $uid RETURN a.${KEY[from]} AS a, b.${KEY[to]} AS b, properties(r) AS properties`;
    links.push((await driver.executeQuery(cypher, { uid })).records.map((record) => record.toObject()));
  }
  return { nodes, links };
}

/** The content under another uid: ids are unique in the database. */
function moved({ nodes, links }, uid) {
  const keyOf = (label, key) => (KEY[label] === 'id' ? `${uid}-${key}` : key);
  const node = (label, properties) => ({
    ...Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, integers(value)])),
    workspace: uid,
    [KEY[label]]: keyOf(label, properties[KEY[label]]),
  });
  return {
    nodes: Object.fromEntries(Object.entries(nodes).map(([label, list]) => [label, list.map((each) => node(label, each))])),
    links: links.map((list, i) => list.map(({ a, b, properties }) => ({ a: keyOf(LINKS[i][0], a), b: keyOf(LINKS[i][2], b), properties }))),
  };
}

async function inBatches(rows, cypher, parameters) {
  for (let i = 0; i < rows.length; i += ROWS) await driver.executeQuery(cypher, { ...parameters, rows: rows.slice(i, i + ROWS) });
}

async function writeBare({ uid }, { nodes, links }) {
  for (const [label, list] of Object.entries(nodes)) {
    const labels = `${label}:\`W_${uid}\`${label === 'Chunk' ? `:\`S_${uid}\`` : ''}`;
    const create = `UNWIND $rows AS row CREATE (n:${labels}) SET n = row.properties`;
    const rows = list.map(({ vector, ...properties }) => ({ properties, vector }));
    await inBatches(rows, label === 'Chunk' ? `${create} WITH n, row CALL db.create.setNodeVectorProperty(n, 'vector', row.vector)` : create, {});
  }
  for (const [i, [from, type, to]] of LINKS.entries()) {
    const find = (label, side) => (KEY[label] === 'id' ? `(${side}:${label} {id: row.${side}})` : `(${side}:${label} {workspace: $uid, ${KEY[label]}: row.${side}})`);
    await inBatches(links[i] ?? [], `UNWIND $rows AS row MATCH ${find(from, 'a')} MATCH ${find(to, 'b')} CREATE (a)-[r:${type}]->(b) SET r = row.properties`, { uid });
  }
}

async function timed(work) {
  const start = performance.now();
  await work();
  return (documents.length / (performance.now() - start)) * 1000;
}

async function ours() {
  const workspace = await workspaces.create(`write-${ids.uuid()}`);
  const rate = await timed(() => publishAll(workspace));
  const content = await contentOf(workspace);
  await workspaces.drop(workspace.slug);
  return { rate, content };
}

async function bare(content) {
  const workspace = { uid: ids.uuid() };
  await makeTextIndex(graph, workspace);
  await makeVectorIndex(graph, workspace, SPACE);
  const own = moved(content, workspace.uid);
  const rate = await timed(() => writeBare(workspace, own));
  await dropIndexes(graph, workspace);
  await connection.autocommit(`MATCH (n:\`W_${workspace.uid}\`) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS`);
  return rate;
}

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
const rates = { ours: [], bare: [] };
// The first round warms the server up and counts for neither.
for (let round = 0; round <= Number(rounds); round += 1) {
  const { rate, content } = await ours();
  const bareRate = await bare(content);
  if (round > 0) {
    rates.ours.push(rate);
    rates.bare.push(bareRate);
  }
}
const figures = { passages: documents.length, oursPerSecond: median(rates.ours), barePerSecond: median(rates.bare), ratio: median(rates.ours) / median(rates.bare) };
process.stdout.write(`${JSON.stringify({ ...figures, rounds: rates })}\n`);
await driver.close();
await connection.onApplicationShutdown();
