import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakeOpenAiServer } from '../fakes/fake-openai-server.ts';
import { type TemporaryFolder, temporaryFolder } from '../fakes/temporary-folder.ts';
import { docx, pdf, pptx, xlsx, zip } from '../fixtures/office-files.ts';
import { type CommandResult, runCommand } from './command-process.ts';

const SECONDS = 1000;
const LIMIT_MS = 180 * SECONDS;

interface Place {
  readonly externalId: string;
  readonly text: string;
  readonly page?: number;
  readonly rows?: readonly [number, number];
  readonly speaker?: string;
  readonly timeSeconds?: number;
}

const CSV = 'name,office,since\nMaud Quill,Lisbon,2019\nOren Vale,Tallinn,2021\nIda Stone,,2022\n';

/** Files of every kind, good and bad, with what is to become of each. */
const FILES: Readonly<Record<string, readonly [content: Buffer, outcome: string]>> = {
  'bom.json': [Buffer.from('\ufeff[{"speaker":"Tess","text":"The lantern festival is in March.","start":12}]'), 'added'],
  'broken.pdf': [pdf([['# Never', 'Cut off in the middle.']]).subarray(0, 40), 'document-malformed'],
  'call.srt': [Buffer.from('1\n00:01:05,000 --> 00:01:08,000\nPiotr: The kiln is repaired on Friday.\n'), 'added'],
  'call.vtt': [Buffer.from('WEBVTT\n\n00:10.000 --> 00:12.000\n<v Nadia>The ferry leaves at nine.\n\n00:05.000 --> 00:06.000\n<v Omar>Backwards times are fine.\n'), 'added'],
  'empty.docx': [docx([]), 'document-no-text'],
  'image.png': [Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 1]), 'document-format-unknown'],
  'named-wrongly.txt': [pdf([['The archive is kept in cellar nine.']]), 'added'],
  'not-a-word.docx': [Buffer.from('Only words with a wrong name, about the beekeeper of Narva.'), 'added'],
  'old.doc': [Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 1, 2]), 'document-format-unknown'],
  'other.zip': [zip({ 'a.txt': 'x' }), 'document-format-unknown'],
  'page.html': [Buffer.from('<!doctype html><title>Garden</title><script>alert("no")</script><h1>Roses</h1><p>The Meridian rose flowers twice a year.</p>'), 'added'],
  'people.csv': [Buffer.from(CSV), 'added'],
  'plan.pptx': [pptx([['Start', 'We begin in May.'], ['Budget', 'The windmill costs 40 crowns.']]), 'added'],
  'quotes.csv': [Buffer.from('a,b\n"never closed,1\n2,3\n'), 'document-malformed'],
  'report.pdf': [pdf([['# Harbours', 'Oslo has a harbour.'], ['# Lighthouses', 'The Korpela light was lit in 1861.']]), 'added'],
  'rooms.xlsx': [xlsx({ Rooms: [['Room', 'Keeper'], ['Blue Hall', 'Yara Finch'], ['Red Hall', 'Abel Thorn']] }), 'added'],
  'rtl.html': [Buffer.from('<html dir="rtl"><p>המגדלור נבנה בשנת 1861.</p>'), 'added'],
  'scan.pdf': [pdf([[]]), 'document-no-text'],
  'staff.docx': [docx(['# Staff', 'Greta Holm leads the tide office.', '| Greta Holm | Tide office']), 'added'],
};

describe('documents of every kind', () => {
  let folder: TemporaryFolder;
  let data: string;
  let ingested: CommandResult;

  beforeAll(async () => {
    folder = await temporaryFolder();
    data = join(folder.path, 'data');
    const docs = join(folder.path, 'docs');
    mkdirSync(docs);
    for (const [name, [content]] of Object.entries(FILES)) writeFileSync(join(docs, name), content);
    await runCommand(['--version']);
    ingested = await runCommand(['ingest', docs, '--data-dir', data, '--json']);
  }, LIMIT_MS);
  afterAll(() => folder.remove());

  const found = async (query: string): Promise<Place> => {
    const result = await runCommand(['retrieve', query, '-k', '1', '--data-dir', data, '--json']);
    const [first] = (result.json() as { passages: Place[] }).passages;
    if (first === undefined) throw new Error(`nothing found: ${result.stderr}`);
    return first;
  };

  it('go in by one command, and the table at its end is right line by line', () => {
    const { files } = ingested.json() as { files: { source: string; status: string; code?: string }[] };
    expect(Object.fromEntries(files.map(({ source, status, code }) => [source, code ?? status]))).toEqual(Object.fromEntries(Object.entries(FILES).map(([name, [, outcome]]) => [name, outcome])));
    expect(ingested.code).toBe(1);
  });

  it.each<[string, Partial<Place>]>([
    ['When was the Korpela light lit?', { externalId: 'report.pdf', page: 2 }],
    ['What does the windmill cost?', { externalId: 'plan.pptx', page: 2 }],
    ['Where does Oren Vale work?', { externalId: 'people.csv', rows: [1, 4] }],
    ['When does the ferry leave?', { externalId: 'call.vtt', timeSeconds: 10 }],
    ['When is the kiln repaired?', { externalId: 'call.srt', speaker: 'Piotr', timeSeconds: 65 }],
  ])('answer "%s" with the place where it stands', async (query, place) => {
    expect(await found(query)).toMatchObject(place);
  });

  it('become entities and relations row by row with a mapping, which may be proposed', async () => {
    const [table, mapping, mapped] = [join(folder.path, 'docs', 'people.csv'), join(folder.path, 'people.mapping.json'), join(folder.path, 'mapped')];
    expect((await runCommand(['ingest', table, '--propose-mapping', '--mapping', mapping])).code).toBe(0);
    expect(JSON.parse(readFileSync(mapping, 'utf8'))).toMatchObject({ title: 'name', entities: [{ column: 'name' }, { column: 'office' }], relations: [{ source: 'name', target: 'office' }] });
    expect((await runCommand(['ingest', table, '--propose-mapping', '--mapping', mapping])).code).toBe(2);
    const report = await runCommand(['ingest', table, '--mapping', mapping, '--data-dir', mapped, '--json']);
    expect(report.json()).toMatchObject({ totals: { added: 3, failed: 0 }, warnings: [expect.stringContaining('row 4: an end of a relation is missing: office (no office)')] });
    const graph = (await runCommand(['graph', 'export', '--data-dir', mapped])).json() as { nodes: { name: string }[]; edges: { type: string }[] };
    expect(graph.nodes.map(({ name }) => name).sort()).toEqual(['Lisbon', 'Maud Quill', 'Oren Vale', 'Tallinn']);
    expect(graph.edges.map(({ type }) => type)).toEqual(['office', 'office']);
    const again = await runCommand(['ingest', table, '--mapping', mapping, '--data-dir', mapped, '--json']);
    expect(again.json()).toMatchObject({ totals: { unchanged: 3, added: 0 } });
  }, 60 * SECONDS);

  it('are tried, estimated and accounted for with a model', async () => {
    const model = await FakeOpenAiServer.start({});
    try {
      const [docs, out, log, books] = ['docs', 'out', 'out/ingest.log', 'books'].map((name) => join(folder.path, name)) as [string, string, string, string];
      const env = { OPENAI_BASE_URL: model.url, EXTRACTION_MODEL: 'm' };
      const estimate = await runCommand(['ingest', join(docs, 'report.pdf'), '--data-dir', books, '--dry-run', '--json'], { env });
      expect(estimate.json()).toMatchObject({ documents: 1, newChunks: 2, calls: { extract: 1 } });
      expect((await runCommand(['workspaces', 'list', '--data-dir', books, '--json'])).json()).toEqual({ workspaces: [] });
      expect(model.calls()).toBe(0);
      const first = await runCommand(['ingest', join(docs, 'report.pdf'), '--data-dir', books, '--limit', '1', '--output-dir', out, '--log-file', log, '--json'], { env });
      expect(first.json()).toMatchObject({ totals: { added: 1, chunks: 1 } });
      expect(readFileSync(join(out, 'report.md'), 'utf8')).toContain('| extract | m | ');
      expect(JSON.parse(readFileSync(join(out, 'metrics.json'), 'utf8'))).toMatchObject({ workspace: 'default', totals: { chunks: 1 } });
      expect(readFileSync(join(out, 'metrics.csv'), 'utf8')).toMatch(/^operation,model,calls,/);
      expect(readFileSync(join(out, 'report.svg'), 'utf8')).toContain('<svg');
      expect(readFileSync(log, 'utf8')).toContain('"level"');
      const whole = await runCommand(['ingest', join(docs, 'report.pdf'), '--data-dir', books, '--json'], { env });
      expect(whole.json()).toMatchObject({ totals: { updated: 1, chunks: 2 } });
      const { usage } = (await runCommand(['usage', '--data-dir', books, '--json'])).json() as { usage: { operation: string; calls: number }[] };
      expect(usage).toEqual([expect.objectContaining({ operation: 'extract', calls: model.calls() })]);
    } finally {
      await model.stop();
    }
  }, 60 * SECONDS);
});
