import { contentHash } from '../../../common/hash/content-hash.ts';
import { normalForm } from '../../../common/text/words.ts';
import type { ExtractedEntity, Extraction } from '../../graph.types.ts';
import type { GivenSense } from '../../stored-entities.port.ts';
import type { ChangeScope } from './change-scope.ts';
import { storedNorm } from './workspace-names.ts';

const OTHER = 'other';
/** The sense of what has no other. */
const ONLY = '0';

interface Mention {
  readonly entity: string;
  readonly surface: string;
  readonly description: string;
  readonly aliases: string[];
}

interface Assertion {
  readonly relation: string;
  readonly description: string;
}

interface Said {
  readonly mentions: Map<string, Mention>;
  readonly assertions: Map<string, Assertion>;
}

interface EntityRow {
  readonly id: string;
  readonly norm: string;
  readonly type: string;
  readonly sense: string;
}

interface RelationRow {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly target: string;
  /** Passages of this change that assert it. */
  weight: number;
}

const TAKE_MENTIONS = `UNWIND $batch.rows AS key MATCH (c:Chunk) WHERE c.workspace = $workspace AND c.key = key
MATCH (c)-[m:MENTIONS]->(e:Entity) WITH m, e.id AS entity, m.aliases AS aliases DELETE m RETURN entity, aliases`;
const TAKE_ASSERTIONS = `UNWIND $batch.rows AS key MATCH (c:Chunk) WHERE c.workspace = $workspace AND c.key = key
MATCH (c)-[a:ASSERTS]->(r:Relation) WITH a, r.id AS relation DELETE a RETURN relation`;

const OF_OTHER_SENSE = `UNWIND $batch.rows AS row MATCH (d:Document {id: row.documentId}) WHERE d.workspace = $workspace
MATCH (d)-[:HAS]->(c:Chunk)-[:MENTIONS]->(e:Entity) WHERE e.norm = row.norm AND e.type = row.type AND e.sense <> row.sense
RETURN c.key AS passage, e.id AS from, {norm: e.norm, type: e.type, sense: row.sense} AS into`;
const SAID = `UNWIND $batch.rows AS key MATCH (c:Chunk) WHERE c.workspace = $workspace AND c.key = key
RETURN key AS passage,
  COLLECT { MATCH (c)-[m:MENTIONS]->(e:Entity) RETURN {entity: e.id, surface: m.surface, description: m.description, aliases: coalesce(m.aliases, [])} } AS mentions,
  COLLECT { MATCH (c)-[a:ASSERTS]->(r:Relation) MATCH (s)<-[:SOURCE]-(r)-[:TARGET]->(t) RETURN {type: r.type, source: s.id, target: t.id, description: a.description} } AS assertions`;

// What MERGE has just made has its id only.
const ENTITIES = `UNWIND $batch.rows AS row MERGE (e:Entity {id: row.id})
WITH e, row WHERE e.workspace IS NULL
SET e:$($label), e.workspace = $workspace, e.norm = row.norm, e.type = row.type, e.sense = row.sense
RETURN count(*) AS count`;
const MENTIONS = `UNWIND $batch.rows AS row MATCH (c:Chunk) WHERE c.workspace = $workspace AND c.key = row.chunk
UNWIND row.mentions AS mention MATCH (e:Entity {id: mention.entity})
CREATE (c)-[:MENTIONS {surface: mention.surface, description: mention.description, aliases: mention.aliases}]->(e)`;
const RELATIONS = `UNWIND $batch.rows AS row MERGE (r:Relation {id: row.id})
WITH r, row WHERE r.workspace IS NULL
SET r:$($label), r.workspace = $workspace, r.type = row.type WITH r, row
MATCH (s:Entity {id: row.source}) MATCH (t:Entity {id: row.target})
CREATE (r)-[:SOURCE]->(s), (r)-[:TARGET]->(t), (s)-[:RELATED {relation: r.id, type: r.type, weight: row.weight}]->(t)
RETURN r.id AS id`;
const ASSERTIONS = `UNWIND $batch.rows AS row MATCH (c:Chunk) WHERE c.workspace = $workspace AND c.key = row.chunk
UNWIND row.assertions AS assertion MATCH (r:Relation {id: assertion.relation})
CREATE (c)-[:ASSERTS {description: assertion.description}]->(r)`;
const WEIGH = `UNWIND $batch.rows AS id MATCH (s:Entity)<-[:SOURCE]-(r:Relation {id: id})-[:TARGET]->(t:Entity)
MATCH (s)-[edge:RELATED]->(t) WHERE edge.relation = id SET edge.weight = COUNT { (r)<-[:ASSERTS]-() }`;

const ALIASES = `UNWIND $batch.rows AS row MATCH (e:Entity {id: row.entity})
MERGE (a:Alias {workspace: $workspace, norm: row.norm}) ON CREATE SET a:$($label)
MERGE (a)-[of:ALIAS_OF]->(e) SET of.passages = coalesce(of.passages, 0) + row.passages
WITH a, of WHERE of.passages <= 0 DELETE of
WITH DISTINCT a WHERE NOT EXISTS { (a)-[:ALIAS_OF]->() } DELETE a`;
const HAS_ALIASES = 'MATCH (a:Alias) WHERE a.workspace = $workspace AND a.norm >= \'\' RETURN a.norm AS norm LIMIT 1';

const FORGET_RELATIONS = `UNWIND $batch.rows AS id MATCH (s:Entity)<-[:SOURCE]-(r:Relation {id: id})-[:TARGET]->(t:Entity)
WHERE NOT EXISTS { (r)<-[:ASSERTS]-() }
OPTIONAL MATCH (s)-[edge:RELATED]->(t) WHERE edge.relation = id
DELETE edge DETACH DELETE r RETURN count(DISTINCT r) AS count`;
const FORGET_ENTITIES = `UNWIND $batch.rows AS id MATCH (e:Entity {id: id}) WHERE NOT EXISTS { (e)<-[:MENTIONS]-() }
DETACH DELETE e RETURN count(*) AS count`;

interface SaidRow {
  readonly passage: number;
  readonly mentions: readonly Mention[];
  readonly assertions: readonly { readonly type: string; readonly source: string; readonly target: string; readonly description: string }[];
}

interface Count {
  readonly count: number;
}

/** What a change did to entities and relations. */
export interface EntityGrowth {
  readonly entities: number;
  readonly relations: number;
  /** Whether any passage tells an alias; unknown where aliases have not been touched. */
  readonly hasAliases: boolean | undefined;
}

/** Keeps entities and relations exactly as long as a visible passage has them. */
export class EntityChanges {
  readonly #scope: ChangeScope;
  readonly #bySaid = new Map<number, Said>();
  readonly #silent = new Set<number>();
  readonly #entities = new Map<string, EntityRow>();
  readonly #relations = new Map<string, RelationRow>();
  readonly #aliases = new Map<string, { readonly entity: string; readonly norm: string; passages: number }>();

  constructor(scope: ChangeScope) {
    this.#scope = scope;
  }

  /** What a passage says from now on. */
  add(passage: number, extraction: Extraction): void {
    const said: Said = { mentions: new Map(), assertions: new Map() };
    const byNorm = new Map<string, EntityRow>();
    for (const entity of extraction.entities) this.#mention(said, entity, byNorm);
    for (const relation of extraction.relations) {
      const [source, target] = [relation.source, relation.target].map((name) => this.#endOf(said, name, byNorm));
      const type = normalForm(relation.type);
      if (source === undefined || target === undefined || type === '') continue;
      this.#assert(said, { type, source: source.id, target: target.id, description: relation.description });
    }
    this.#bySaid.set(passage, said);
  }

  /** What documents say of names and types is said of the entities of these senses from now on; returns how many mentions move. */
  async giveSenses(given: readonly GivenSense[]): Promise<number> {
    const rows = given.map((each) => ({ ...each, sense: each.sense || ONLY }));
    const moves = await this.#scope.each<{ passage: number; from: string; into: Omit<EntityRow, 'id'> }>(OF_OTHER_SENSE, rows);
    const byPassage = Map.groupBy(moves, ({ passage }) => passage);
    for (const { passage, mentions, assertions } of await this.#scope.each<SaidRow>(SAID, [...byPassage.keys()])) {
      const into = new Map(byPassage.get(passage)?.map((move) => [move.from, this.#entity(move.into).id]));
      const moved = (id: string): string => into.get(id) ?? id;
      const said: Said = { mentions: new Map(mentions.map((mention) => [moved(mention.entity), { ...mention, entity: moved(mention.entity) }])), assertions: new Map() };
      for (const assertion of assertions) this.#assert(said, { ...assertion, source: moved(assertion.source), target: moved(assertion.target) });
      this.remove(passage);
      this.#bySaid.set(passage, said);
    }
    return moves.length;
  }

  /** A passage that is stored says nothing any longer of what it said. */
  remove(passage: number): void {
    this.#silent.add(passage);
  }

  /** Writes all of it; sent when what was taken back is known. Chunks that come are there by then, those that go still are. */
  async write(): Promise<EntityGrowth> {
    const left = await this.#taken();
    const scope = this.#scope;
    const said = [...this.#bySaid];
    const entities = scope.each<Count>(ENTITIES, [...this.#entities.values()]);
    scope.send(MENTIONS, said.flatMap(([chunk, { mentions }]) => (mentions.size === 0 ? [] : [{ chunk, mentions: [...mentions.values()] }])));
    const relationsMade = scope.each<{ id: string }>(RELATIONS, [...this.#relations.values()]);
    scope.send(ASSERTIONS, said.flatMap(([chunk, { assertions }]) => (assertions.size === 0 ? [] : [{ chunk, assertions: [...assertions.values()] }])));
    const aliases = this.#writeAliases();
    const relationsGone = scope.each<Count>(FORGET_RELATIONS, [...left.relations]);
    const entitiesGone = scope.each<Count>(FORGET_ENTITIES, [...left.entities]);
    const made = new Set((await relationsMade).map(({ id }) => id));
    // What was made has its weight already.
    scope.send(WEIGH, [...new Set(left.relations).union(new Set(this.#relations.keys())).difference(made)]);
    const [coming = 0, going = 0, relationsGoing = 0] = await Promise.all([entities, entitiesGone, relationsGone].map(sum));
    return { entities: coming - going, relations: made.size - relationsGoing, hasAliases: await aliases };
  }

  #assert({ assertions }: Said, { description, ...ends }: SaidRow['assertions'][number]): void {
    const id = contentHash('relation', ends.source, ends.type, ends.target);
    const known = this.#relations.get(id) ?? { id, ...ends, weight: 0 };
    this.#relations.set(id, known);
    if (assertions.has(id)) return;
    known.weight += 1;
    assertions.set(id, { relation: id, description });
  }

  async #taken(): Promise<{ readonly entities: ReadonlySet<string>; readonly relations: ReadonlySet<string> }> {
    const mentions = await this.#scope.each<{ entity: string; aliases: string[] | null }>(TAKE_MENTIONS, [...this.#silent]);
    const assertions = await this.#scope.each<{ relation: string }>(TAKE_ASSERTIONS, [...this.#silent]);
    for (const { entity, aliases } of mentions) for (const norm of aliases ?? []) this.#countAlias(entity, norm, -1);
    return { entities: new Set(mentions.map(({ entity }) => entity)), relations: new Set(assertions.map(({ relation }) => relation)) };
  }

  async #writeAliases(): Promise<boolean | undefined> {
    for (const { mentions } of this.#bySaid.values()) {
      for (const { entity, aliases } of mentions.values()) for (const norm of aliases) this.#countAlias(entity, norm, 1);
    }
    const rows = [...this.#aliases.values()].filter(({ passages }) => passages !== 0);
    if (rows.length === 0) return undefined;
    this.#scope.send(ALIASES, rows);
    return (await this.#scope.run(HAS_ALIASES)).length > 0;
  }

  #countAlias(entity: string, norm: string, delta: 1 | -1): void {
    const key = `${entity} ${norm}`;
    const known = this.#aliases.get(key) ?? { entity, norm, passages: 0 };
    known.passages += delta;
    this.#aliases.set(key, known);
  }

  #mention({ mentions }: Said, entity: ExtractedEntity, byNorm: Map<string, EntityRow>): void {
    const norm = storedNorm(normalForm(entity.name));
    if (norm === '') return;
    const known = this.#entity({ norm, type: normalForm(entity.type) || OTHER, sense: entity.sense ?? ONLY });
    byNorm.set(norm, known);
    const mention = mentions.get(known.id) ?? { entity: known.id, surface: entity.name, description: entity.description, aliases: [] };
    mentions.set(known.id, mention);
    for (const alias of aliasesOf(entity)) {
      if (!byNorm.has(alias)) byNorm.set(alias, known);
      if (!mention.aliases.includes(alias)) mention.aliases.push(alias);
    }
  }

  /** An end that the extraction names but does not list becomes an entity of its own. */
  #endOf(said: Said, name: string, byNorm: Map<string, EntityRow>): EntityRow | undefined {
    const norm = storedNorm(normalForm(name));
    if (norm !== '' && !byNorm.has(norm)) this.#mention(said, { name, type: OTHER, description: '' }, byNorm);
    return byNorm.get(norm);
  }

  #entity({ norm, type, sense }: Omit<EntityRow, 'id'>): EntityRow {
    const id = contentHash('entity', this.#scope.workspace, norm, type, sense);
    const known = this.#entities.get(id) ?? { id, norm, type, sense };
    this.#entities.set(id, known);
    return known;
  }
}

function aliasesOf({ aliases = [] }: ExtractedEntity): string[] {
  return aliases.map((alias) => storedNorm(normalForm(alias))).filter((norm) => norm !== '');
}

async function sum(counts: Promise<readonly Count[]>): Promise<number> {
  return (await counts).reduce((total, { count }) => total + count, 0);
}
