import type { ExtractedEntity, ExtractedRelation, Metadata } from '../../graph/graph.types.ts';
import { normalForm } from '../../common/text/words.ts';
import { IngestionError } from '../ingestion.errors.ts';
import type { MappedEntity, Mapping, TableRow } from './mapping.types.ts';

/** A row as a record, with what it says of entities and relations. */
export interface MappedRow {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly metadata: Metadata;
  readonly rows: readonly [number, number];
  readonly entities: readonly ExtractedEntity[];
  readonly relations: readonly ExtractedRelation[];
  /** Relations of which one end is missing. */
  readonly loose: readonly string[];
}

/** @throws IngestionError `mapping-invalid` naming columns that the table does not have */
export function checkColumns(mapping: Mapping, columns: Iterable<string>): void {
  const there = new Set(columns);
  const missing = [...columnsOf(mapping)].filter((name) => !there.has(name));
  if (missing.length === 0) return;
  throw new IngestionError('mapping-invalid', `The mapping names columns that are not there: ${missing.slice(0, 5).join(', ')}.`, {
    remedy: `The columns are: ${[...there].slice(0, 30).join(', ')}.`,
  });
}

function columnsOf({ id, title, text = [], metadata = [], entities, relations }: Mapping): Set<string> {
  const ofEntities = entities.flatMap((entity) => [entity.column, entity.description, ...(entity.aliases ?? [])]);
  const ofRelations = relations.flatMap((relation) => [relation.source, relation.target, relation.description]);
  return new Set([id, title, ...text, ...metadata, ...ofEntities, ...ofRelations].filter((name) => name !== undefined));
}

/** A row as the mapping takes it. An empty cell is no entity, and no end of a relation. */
export function mapRow(mapping: Mapping, row: TableRow, file: string): MappedRow {
  const value = (column: string | undefined): string => (column === undefined ? '' : (row.fields.get(column) ?? '').trim());
  const { entities, relations, loose } = extracted(mapping, value);
  const id = value(mapping.id);
  const title = value(mapping.title);
  return {
    id: `${file}#${id === '' ? String(row.number) : id}`,
    title: title === '' ? `${file}, row ${String(row.number)}` : title,
    text: textOf(mapping, row),
    metadata: Object.fromEntries((mapping.metadata ?? []).map((column) => [column, scalar(value(column))])),
    rows: [row.number, row.number],
    entities,
    relations,
    loose,
  };
}

/** Each value under its column, one line: what a row says can be read without the ones above it. */
function textOf({ text }: Mapping, { fields }: TableRow): string {
  const columns = text ?? [...fields.keys()];
  const parts = columns.flatMap((column) => {
    const value = (fields.get(column) ?? '').replaceAll(/\s+/gu, ' ').trim();
    if (value === '') return [];
    return [columns.length === 1 ? value : `${column}: ${value}`];
  });
  return parts.join('; ');
}

type Value = (column: string | undefined) => string;

function extracted(mapping: Mapping, value: Value): Pick<MappedRow, 'entities' | 'relations' | 'loose'> {
  const entities = new Map<string, ExtractedEntity>();
  for (const mappedEntity of mapping.entities) {
    const norm = normalForm(value(mappedEntity.column));
    if (norm !== '' && !entities.has(norm)) entities.set(norm, entityOf(mappedEntity, value));
  }
  const nameOf = (column: string): string | undefined => entities.get(normalForm(value(column)))?.name;
  const ends = mapping.relations.map((relation) => ({ relation, source: nameOf(relation.source), target: nameOf(relation.target) }));
  const relations = ends.flatMap(({ relation: { type, description }, source, target }) => {
    if (source === undefined || target === undefined) return [];
    return [{ source, target, type: type.toLowerCase(), description: value(description) }];
  });
  const loose = ends
    .filter(({ source, target }) => (source === undefined) !== (target === undefined))
    .map(({ relation, source }) => `${relation.type} (no ${source === undefined ? relation.source : relation.target})`);
  return { entities: [...entities.values()], relations, loose };
}

function entityOf({ column, type, description, aliases = [] }: MappedEntity, value: Value): ExtractedEntity {
  const others = aliases.map(value).filter((alias) => alias !== '');
  return { name: value(column), type: type.toLowerCase(), description: value(description), ...(others.length === 0 ? {} : { aliases: others }) };
}

function scalar(text: string): string | number | boolean | null {
  if (text === '') return null;
  if (/^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/.test(text)) return Number(text);
  if (text === 'true' || text === 'false') return text === 'true';
  return text;
}
