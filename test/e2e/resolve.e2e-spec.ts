import { jest } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GraphPicture } from '../../src/graph/graph.types.ts';
import type { ResolutionReport } from '../../src/ingestion/resolution/resolution.service.ts';
import type { Resolved } from '../../src/ingestion/resolution/resolution.types.ts';
import { FakeOpenAiServer } from '../fakes/fake-openai-server.ts';
import { type TemporaryFolder, temporaryFolder } from '../fakes/temporary-folder.ts';
import { type CommandResult, runCommand } from './command-process.ts';

// A fresh checkout is built by the first command.
jest.setTimeout(180_000);

const DOCUMENTS = [
  { id: '1', title: 'Bridges', text: 'Ada Kern built the old bridge in Ulm.', triple: ['Ada Kern', 'worked in', 'Ulm'] },
  { id: '2', title: 'Letters', text: 'Dr. Ada Kern wrote from Ulm.', triple: ['Dr. Ada Kern', 'wrote from', 'Ulm'] },
  { id: '3', title: 'Films', text: 'Leopold Torrenilsson filmed in Oslo.', triple: ['Leopold Torrenilsson', 'filmed in', 'Oslo'] },
  { id: '4', title: 'More films', text: 'Leopold Torrenillson filmed in Bonn.', triple: ['Leopold Torrenillson', 'filmed in', 'Bonn'] },
];

describe('resolve', () => {
  let folder: TemporaryFolder;
  let model: FakeOpenAiServer;
  const run = (...args: string[]): Promise<CommandResult> => runCommand([...args, '--data-dir', join(folder.path, 'data')]);

  beforeAll(async () => {
    folder = await temporaryFolder();
    model = await FakeOpenAiServer.start({ answer: () => '{"pairs": [{"number": 1, "same": true}]}' });
    const lines = (of: (document: (typeof DOCUMENTS)[number]) => object): string => DOCUMENTS.map((document) => `${JSON.stringify(of(document))}\n`).join('');
    const [corpus, extractions] = [join(folder.path, 'corpus.jsonl'), join(folder.path, 'extractions.jsonl')];
    writeFileSync(corpus, lines(({ id, title, text }) => ({ id, title, text })));
    writeFileSync(extractions, lines(({ id, triple: [source, type, target] }) => ({ passage: id, entities: [source, target], triples: [[source, type, target]] })));
    expect((await run('ingest', corpus, '--extractions', extractions)).code).toBe(0);
  });
  afterAll(async () => {
    await model.stop();
    await folder.remove();
  });

  const around = async (entity: string): Promise<string[]> => ((await run('graph', 'export', '--entity', entity, '--depth', '1')).json() as GraphPicture).nodes.map(({ name }) => name).sort();

  it('says what it would do, does it, lists it, and takes it back for good', async () => {
    const before = await around('Ulm');
    const dry = await run('resolve', '--dry-run');
    expect([dry.code, dry.stdout]).toEqual([0, expect.stringMatching(/^1 of \d+ entities are others \(1 by name\).*nothing was changed/)]);
    expect(await around('Ulm')).toEqual(before);
    const { declared, merges } = (await run('resolve', '--json')).json() as ResolutionReport;
    expect([declared, merges.map(({ layer }) => layer)]).toEqual([1, ['name']]);
    expect(await around('Ulm')).toHaveLength(before.length - 1);
    const [merge] = ((await run('resolve', '--list', '--json')).json() as { merges: Resolved[] }).merges;
    expect((await run('resolve', '--list')).stdout).toContain(merge?.entityId ?? 'none');
    expect((await run('resolve', '--undo', merge?.entityId ?? '')).stdout).toContain('are two again');
    expect(await around('Ulm')).toEqual(before);
    expect(((await run('resolve', '--json')).json() as ResolutionReport).merges).toEqual([]);
    expect((await run('resolve', '--undo', 'all')).stdout).toContain('Took 0 findings back.');
  });

  it('refuses what cannot be', async () => {
    const unknown = await run('resolve', '--undo', 'never-merged');
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('merge-not-found')]);
    expect((await run('resolve', '--list', '--dry-run')).code).toBe(2);
    expect((await run('resolve', '--workspace', 'none')).code).toBe(1);
  });

  it('tells persons of one name apart, lists them, and makes them one again for good', async () => {
    const [lives, data] = [join(folder.path, 'lives.jsonl'), join(folder.path, 'lives')];
    writeFileSync(lives, [['1', '2 May 1874', 'painter from Ulm'], ['2', '5 June 1950', 'politician from Oslo']].map(([id, born, calling]) => `${JSON.stringify({ id, title: 'Jan Kern', text: `Jan Kern (born ${born ?? ''}) was a ${calling ?? ''}.` })}\n`).join(''));
    const ingested = await runCommand(['ingest', lives, '--resolve', '--data-dir', data]);
    expect(ingested.stdout).toContain('1 name is of several persons;');
    const around = async (): Promise<number> => ((await runCommand(['graph', 'export', '--data-dir', data])).json() as GraphPicture).nodes.filter(({ name }) => name === 'Jan Kern').length;
    expect(await around()).toBe(2);
    const listed = await runCommand(['resolve', '--list', '--data-dir', data]);
    expect(listed.stdout).toMatch(/Jan Kern +born 1874 +1 +life/);
    const { namesakes } = (await runCommand(['resolve', '--list', '--json', '--data-dir', data])).json() as { namesakes: { id: string }[] };
    expect((await runCommand(['resolve', '--undo', namesakes[0]?.id ?? '', '--data-dir', data])).stdout).toContain('is one person again');
    expect((await runCommand(['resolve', '--data-dir', data])).stdout).not.toContain('several persons');
    expect(await around()).toBe(1);
  });

  it('goes with an ingestion that asks for it', async () => {
    const [more, data] = [join(folder.path, 'more.jsonl'), join(folder.path, 'other')];
    writeFileSync(more, '{"id":"1","text":"Ada Kern built the old bridge in Ulm. Ada Kern lived in Ulm."}\n{"id":"2","text":"Dr. Ada Kern wrote from Ulm. Dr. Ada Kern lived in Ulm."}\n');
    const ingested = await runCommand(['ingest', more, '--resolve', '--json', '--data-dir', data]);
    expect(ingested.json()).toMatchObject({ totals: { added: 2 }, resolution: { declared: 1, merges: [{ name: 'Ada Kern', intoName: 'Dr. Ada Kern' }] } });
    expect((await runCommand(['ingest', more, '--resolve', '--data-dir', data])).stdout).toMatch(/2 unchanged[\s\S]*1 of \d+ entities are others .* 0 declared/);
  });

  it('asks the model of RESOLUTION_MODEL about the pair that is left, once', async () => {
    const env = { OPENAI_BASE_URL: model.url, RESOLUTION_MODEL: 'fake' };
    const withModel = (...args: string[]): Promise<CommandResult> => runCommand([...args, '--data-dir', join(folder.path, 'data')], { env });
    const first = (await withModel('resolve', '--json')).json() as ResolutionReport;
    expect([first.modelCalls, first.merges.map(({ layer }) => layer)]).toEqual([1, ['model']]);
    expect(JSON.stringify(model.requests.at(-1)?.body)).toContain('Torrenillson');
    expect(await around('Leopold Torrenilsson')).toEqual(expect.arrayContaining(['Bonn', 'Oslo']));
    const second = (await withModel('resolve', '--json')).json() as ResolutionReport;
    expect([second.modelCalls, second.merges.length, model.calls('/chat/completions')]).toEqual([0, 1, 1]);
  });
});
