import type { Mapping, TableRow } from './mapping.types.ts';

/** Rows that a proposal looks at. */
const SAMPLE = 500;
const LONG_TEXT = 60;
const MAX_NAME = 60;
/** A column names entities when it is mostly names: not too long, not numbers, dates or addresses. */
const NO_NAME = /^(?:[-+]?[\d.,\s%€$£]+|\d{4}-\d{2}-\d{2}.*|\d{1,2}[./]\d{1,2}[./]\d{2,4}|https?:.*|[^@\s]+@[^@\s]+|true|false|yes|no)$/i;
const DATE = /^(?:\d{4}-\d{2}-\d{2}.*|\d{1,2}[./]\d{1,2}[./]\d{2,4})$/;

interface Column {
  readonly name: string;
  readonly values: readonly string[];
  readonly distinct: number;
  readonly meanLength: number;
  readonly namesShare: number;
}

/** A mapping of a table to begin with, by its first rows: what looks like an id, a title, prose, names and facts to filter by. */
export async function proposeMapping(rows: AsyncIterable<TableRow>): Promise<Mapping> {
  const sample: TableRow[] = [];
  for await (const row of rows) {
    sample.push(row);
    if (sample.length >= SAMPLE) break;
  }
  const columns = [...new Set(sample.flatMap(({ fields }) => [...fields.keys()]))].map((name) => columnOf(name, sample));
  const id = columns.find((column) => /(?:^|[_.\s-])(?:id|key|uuid|code|nr|no)$/i.test(column.name) && isUnique(column));
  const prose = columns.filter(({ meanLength }) => meanLength > LONG_TEXT);
  const names = columns.filter((column) => column !== id && !prose.includes(column) && column.namesShare > 0.8 && column.meanLength <= MAX_NAME);
  const title = names.find(({ name }) => /name|title|label|subject|person|company/i.test(name)) ?? names[0];
  const others = names.filter((column) => column !== title);
  const rest = columns.filter((column) => column !== id && !prose.includes(column) && !names.includes(column));
  return {
    ...(id === undefined ? {} : { id: id.name }),
    ...(title === undefined ? {} : { title: title.name }),
    text: columns.filter((column) => column !== id).map(({ name }) => name),
    metadata: [...rest, ...others.filter(({ distinct, values }) => distinct <= Math.max(20, values.length / 10))].map(({ name }) => name),
    entities: [title, ...others].flatMap((column) => (column === undefined ? [] : [{ column: column.name, type: typeOf(column.name) }])),
    relations: title === undefined ? [] : others.map((column) => ({ source: title.name, type: spaced(column.name), target: column.name })),
  };
}

function columnOf(name: string, sample: readonly TableRow[]): Column {
  const values = sample.map(({ fields }) => (fields.get(name) ?? '').trim()).filter((value) => value !== '');
  const count = Math.max(1, values.length);
  return {
    name,
    values,
    distinct: new Set(values).size,
    meanLength: values.reduce((sum, value) => sum + value.length, 0) / count,
    namesShare: values.filter((value) => !NO_NAME.test(value) && !DATE.test(value) && /\p{L}/u.test(value)).length / count,
  };
}

function isUnique({ distinct, values }: Column): boolean {
  return values.length > 0 && distinct === values.length;
}

function spaced(name: string): string {
  return name.replaceAll(/[_.-]+/g, ' ').replaceAll(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ').trim().toLowerCase();
}

/** `name` alone says nothing of what is named. */
function typeOf(name: string): string {
  const words = spaced(name).replace(/\s*\b(?:name|id|label)$/, '').trim();
  return words === '' || words === 'name' || words === 'title' ? 'thing' : words;
}
