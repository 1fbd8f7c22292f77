import { textParts } from '../../../test/fixtures/text-parts.ts';
import { proposedMapping } from './mapping-of-file.service.ts';
import { checkColumns, mapRow } from './map-row.ts';
import type { Mapping, TableRow } from './mapping.types.ts';
import { parseMapping } from './read-mapping.service.ts';
import { rowsOfJson, rowsOfTable } from './table-rows.ts';

const MAPPING: Mapping = {
  id: 'nr',
  title: 'name',
  text: ['name', 'note'],
  metadata: ['since', 'nr'],
  entities: [{ column: 'name', type: 'Person', aliases: ['nick'] }, { column: 'city', type: 'City' }],
  relations: [{ source: 'name', type: 'Lives in', target: 'city', description: 'note' }],
};
const row = (fields: Record<string, string>, number = 2): TableRow => ({ number, fields: new Map(Object.entries(fields)) });
const CSV = 'nr,name,city,since,note\n1,Ada Kern,Ulm,2019-05-01,Builds bridges over the river and writes about them in the evening paper.\n2,Bo Lund,Oslo,2020-01-01,Keeps the harbour light and the books of the harbour master since ten years.\n';

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}

describe('a mapping', () => {
  it('makes a record of a row, with its entities and relations', () => {
    const found = mapRow(MAPPING, row({ nr: '7', name: ' Ada Kern ', nick: 'A. K.', city: 'Ulm', since: '2019', note: 'Builds\nbridges.' }), 'staff.csv');
    expect(found).toEqual({
      id: 'staff.csv#7',
      title: 'Ada Kern',
      text: 'name: Ada Kern; note: Builds bridges.',
      metadata: { since: 2019, nr: 7 },
      rows: [2, 2],
      entities: [{ name: 'Ada Kern', type: 'person', description: '', aliases: ['A. K.'] }, { name: 'Ulm', type: 'city', description: '' }],
      relations: [{ source: 'Ada Kern', target: 'Ulm', type: 'lives in', description: 'Builds\nbridges.' }],
      loose: [],
    });
  });

  it('tells relations of which one end is missing', () => {
    expect(mapRow(MAPPING, row({ name: 'Ada' }), 'f')).toMatchObject({ id: 'f#2', relations: [], loose: ['Lives in (no city)'] });
    expect(mapRow(MAPPING, row({ note: 'x' }), 'f')).toMatchObject({ title: 'f, row 2', entities: [], loose: [] });
  });

  it('names columns that are not there', () => {
    expect(() => { checkColumns(MAPPING, ['nr', 'name']); }).toThrow(/city/);
    expect(() => { checkColumns(MAPPING, ['nr', 'name', 'note', 'since', 'nick', 'city', 'more']); }).not.toThrow();
  });

  it.each([
    ['no JSON', '{', /not JSON/],
    ['a field it does not know', '{"entitys": []}', /entitys/],
    ['a relation of no entity', '{"entities":[{"column":"a","type":"x"}],"relations":[{"source":"a","type":"t","target":"b"}]}', /"b", which is none of its entities/],
  ])('is refused when it is %s', (_name, text, message) => {
    expect(() => parseMapping(text)).toThrow(expect.objectContaining({ code: 'mapping-invalid', message: expect.stringMatching(message) as string }) as Error);
  });

  it('is proposed so that it can be used as it is', async () => {
    const mapping = await proposedMapping(bytes(CSV), 'staff.csv');
    expect(mapping).toEqual({
      id: 'nr',
      title: 'name',
      text: ['name', 'city', 'since', 'note'],
      metadata: ['since', 'city'],
      entities: [{ column: 'name', type: 'thing' }, { column: 'city', type: 'city' }],
      relations: [{ source: 'name', type: 'city', target: 'city' }],
    });
    expect(parseMapping(JSON.stringify(mapping))).toEqual(mapping);
    await expect(proposedMapping(bytes('Only prose.'), 'a.txt')).rejects.toMatchObject({ code: 'document-format-unknown' });
  });
});

describe('rows', () => {
  const fields = async (rows: AsyncIterable<TableRow>): Promise<unknown[]> => (await Array.fromAsync(rows)).map(({ number, fields: own }) => [number, Object.fromEntries(own)]);

  it('of a table stand under the names of its first row', async () => {
    expect(await fields(rowsOfTable(textParts('a,b\n1,2\n3\n', 3), ','))).toEqual([[2, { a: '1', b: '2' }], [3, { a: '3', b: '' }]]);
    await expect(fields(rowsOfTable(textParts('1,2\n3,4\n', 3), ','))).rejects.toMatchObject({ code: 'mapping-invalid' });
  });

  it('of JSON are its objects, a list or one a line, behind a byte order mark too', async () => {
    const expected = [[1, { 'a.b': '1', tags: 'x, y' }], [2, { c: 'true' }]];
    expect(await fields(rowsOfJson(textParts('\ufeff[{"a":{"b":1},"tags":["x","y"]},{"c":true}]', 4)))).toEqual(expected);
    expect(await fields(rowsOfJson(textParts('{"a":{"b":1},"tags":["x","y"]}\n\n{"c":true}\n', 4)))).toEqual(expected);
    await expect(fields(rowsOfJson(textParts('{"a":1}\nno\n', 4)))).rejects.toMatchObject({ code: 'document-malformed' });
  });
});
