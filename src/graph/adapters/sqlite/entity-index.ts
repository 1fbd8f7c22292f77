import { contentHash } from '../../../common/hash/content-hash.ts';
import { normalForm } from '../../../common/text/words.ts';
import type { ExtractedEntity, ExtractedRelation, Extraction } from '../../graph.types.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import type { GivenSense } from '../../stored-entities.port.ts';
import { all, one, run } from './rows.ts';

const OTHER = 'other';
/** The sense of what has no other. */
const ONLY = '0';
/** Ids held at once: in a publication the same entities and relations come again and again. */
const HELD = 50_000;

interface Entity {
  readonly id: number;
  /** What it is called outside. */
  readonly entityId: string;
}

interface MovedRelation {
  readonly id: number;
  readonly source: number;
  readonly sourceId: string;
  readonly target: number;
  readonly targetId: string;
  readonly type: string;
  readonly description: string;
}

/** Keeps entities and relations exactly as long as a visible passage has them. */
export class EntityIndex {
  readonly #context: SqliteContext;
  readonly #uid: string;
  readonly #entities = new Set<number>();
  readonly #relations = new Set<number>();
  readonly #entityIds = new Map<string, Entity>();
  readonly #relationIds = new Map<string, number>();

  constructor(context: SqliteContext, uid: string) {
    this.#context = context;
    this.#uid = uid;
  }

  add(passage: number, extraction: Extraction): void {
    const byNorm = new Map<string, Entity>();
    for (const entity of extraction.entities) this.#mention(passage, entity, byNorm);
    for (const relation of extraction.relations) this.#assert(passage, relation, byNorm);
  }

  remove(passage: number): void {
    for (const { entity } of all<{ entity: number }>(this.#context, 'delete from mention where passage = ? returning entity', passage)) {
      this.#entities.add(entity);
    }
    for (const { relation } of all<{ relation: number }>(this.#context, 'delete from assertion where passage = ? returning relation', passage)) {
      this.#relations.add(relation);
    }
    run(this.#context, 'delete from entity_alias where passage = ?', passage);
  }

  /** What a document says of a name and type is said of the entity of that sense from now on; returns how many mentions moved. */
  giveSense({ documentId, norm, type, sense }: GivenSense): number {
    const sql = `select m.passage, e.id, e.entity_id as entityId from document d join passage p on p.document = d.id join mention m on m.passage = p.id
      join entity e on e.id = m.entity where d.document_id = ? and e.norm = ? and e.type = ? and e.sense <> ?`;
    const told = all<Entity & { readonly passage: number }>(this.#context, sql, documentId, norm, type, sense || ONLY);
    if (told.length === 0) return 0;
    const into = this.#entity(norm, type, sense || ONLY);
    for (const { passage, ...from } of told) this.#move(passage, from, into);
    return told.length;
  }

  /** Forgets what no passage has any longer. */
  prune(): void {
    for (const id of this.#relations) {
      run(this.#context, 'delete from relation where id = ? and not exists (select 1 from assertion where relation = relation.id)', id);
    }
    for (const id of this.#entities) {
      run(this.#context, 'delete from entity where id = ? and not exists (select 1 from mention where entity = entity.id)', id);
    }
    this.#relations.clear();
    this.#entities.clear();
  }

  #move(passage: number, from: Entity, into: Entity): void {
    for (const table of ['mention', 'entity_alias']) {
      run(this.#context, `update or ignore ${table} set entity = ? where entity = ? and passage = ?`, into.id, from.id, passage);
      run(this.#context, `delete from ${table} where entity = ? and passage = ?`, from.id, passage);
    }
    this.#entities.add(from.id);
    const sql = `select r.id, s.id as source, s.entity_id as sourceId, t.id as target, t.entity_id as targetId, r.type, a.description
      from assertion a join relation r on r.id = a.relation join entity s on s.id = r.source join entity t on t.id = r.target
      where a.passage = ? and (r.source = ? or r.target = ?)`;
    const moved = (id: number, entityId: string): Entity => (id === from.id ? into : { id, entityId });
    for (const row of all<MovedRelation>(this.#context, sql, passage, from.id, from.id)) {
      const relation = this.#relation(moved(row.source, row.sourceId), moved(row.target, row.targetId), row.type);
      run(this.#context, 'delete from assertion where relation = ? and passage = ?', row.id, passage);
      run(this.#context, 'insert or ignore into assertion values (?, ?, ?)', relation, passage, row.description);
      this.#relations.add(row.id);
    }
  }

  #mention(passage: number, entity: ExtractedEntity, byNorm: Map<string, Entity>): void {
    const norm = normalForm(entity.name);
    if (norm === '') return;
    const known = this.#entity(norm, normalForm(entity.type) || OTHER, entity.sense ?? ONLY);
    byNorm.set(norm, known);
    run(this.#context, 'insert or ignore into mention values (?, ?, ?, ?)', known.id, passage, entity.name, entity.description);
    for (const alias of entity.aliases ?? []) {
      const aliasNorm = normalForm(alias);
      if (aliasNorm === '') continue;
      if (!byNorm.has(aliasNorm)) byNorm.set(aliasNorm, known);
      run(this.#context, 'insert or ignore into entity_alias values (?, ?, ?)', aliasNorm, known.id, passage);
    }
  }

  #assert(passage: number, relation: ExtractedRelation, byNorm: Map<string, Entity>): void {
    const source = this.#endOf(passage, relation.source, byNorm);
    const target = this.#endOf(passage, relation.target, byNorm);
    const type = normalForm(relation.type);
    if (source === undefined || target === undefined || type === '') return;
    const id = this.#relation(source, target, type);
    run(this.#context, 'insert or ignore into assertion values (?, ?, ?)', id, passage, relation.description);
  }

  /** An end that the extraction names but does not list becomes an entity of its own. */
  #endOf(passage: number, name: string, byNorm: Map<string, Entity>): Entity | undefined {
    const norm = normalForm(name);
    if (norm !== '' && !byNorm.has(norm)) this.#mention(passage, { name, type: OTHER, description: '' }, byNorm);
    return byNorm.get(norm);
  }

  #entity(norm: string, type: string, sense: string): Entity {
    const key = `${norm}\n${type}\n${sense}`;
    const held = this.#entityIds.get(key);
    if (held !== undefined) return held;
    const entityId = contentHash('entity', this.#uid, norm, type, sense);
    const known = one<{ id: number }>(this.#context, 'select id from entity where entity_id = ?', entityId);
    const sql = 'insert into entity(entity_id, norm, type, sense) values (?, ?, ?, ?)';
    const id = known?.id ?? Number(this.#context.sql(sql).run(entityId, norm, type, sense).lastInsertRowid);
    if (this.#entityIds.size >= HELD) this.#entityIds.clear();
    this.#entityIds.set(key, { id, entityId });
    return { id, entityId };
  }

  #relation(source: Entity, target: Entity, type: string): number {
    const key = `${String(source.id)} ${String(target.id)} ${type}`;
    const held = this.#relationIds.get(key);
    if (held !== undefined) return held;
    const sql = 'select id from relation where source = ? and target = ? and type = ?';
    const id = one<{ id: number }>(this.#context, sql, source.id, target.id, type)?.id ?? this.#newRelation(source, target, type);
    if (this.#relationIds.size >= HELD) this.#relationIds.clear();
    this.#relationIds.set(key, id);
    return id;
  }

  #newRelation(source: Entity, target: Entity, type: string): number {
    const relationId = contentHash('relation', source.entityId, type, target.entityId);
    const sql = 'insert into relation(relation_id, source, target, type) values (?, ?, ?, ?)';
    return Number(this.#context.sql(sql).run(relationId, source.id, target.id, type).lastInsertRowid);
  }
}
