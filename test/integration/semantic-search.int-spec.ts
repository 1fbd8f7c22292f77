import { join } from 'node:path';
import { type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ConfigModule } from '../../src/config/config.module.ts';
import { loadSettings } from '../../src/config/load-settings.ts';
import type { Workspace } from '../../src/graph/graph.types.ts';
import { WorkspaceService } from '../../src/graph/workspace.service.ts';
import { IngestionModule } from '../../src/ingestion/ingestion.module.ts';
import { IngestionService } from '../../src/ingestion/ingestion.service.ts';
import type { IngestReport } from '../../src/ingestion/ingestion.types.ts';
import { RetrievalModule } from '../../src/retrieval/retrieval.module.ts';
import { RetrievalService } from '../../src/retrieval/retrieval.service.ts';
import type { RetrievalResult } from '../../src/retrieval/retrieval.types.ts';
import { FakeOpenAiServer } from '../fakes/fake-openai-server.ts';
import { temporaryFolder, type TemporaryFolder } from '../fakes/temporary-folder.ts';

@Module({})
class Runtime {}

const TEXTS = { oslo: 'Trams run along the fjord.', lima: 'Buses climb the hills.', bern: 'Bears live by the river.' };

/** With an embedding server: from the text of a document to a passage found by its vector. */
describe('Semantic search', () => {
  let folder: TemporaryFolder;
  let server: FakeOpenAiServer;
  let app: INestApplicationContext;
  let workspace: Workspace;

  beforeAll(async () => {
    folder = await temporaryFolder();
    server = await FakeOpenAiServer.start({ dimensions: 32 });
    const settings = loadSettings({ DATA_DIR: join(folder.path, 'data'), OPENAI_BASE_URL: server.url, EMBEDDING_MODEL: 'fake', CACHE_TIERS: 'memory' });
    const imports = [ConfigModule.forRoot(settings), IngestionModule, RetrievalModule];
    app = await NestFactory.createApplicationContext({ module: Runtime, imports }, { logger: false });
    workspace = await app.get(WorkspaceService, { strict: false }).create('cities');
  });
  afterAll(async () => {
    await app.close();
    await server.stop();
    await folder.remove();
  });

  const ingest = async (texts: Readonly<Record<string, string>>): Promise<IngestReport> => {
    const sources = Object.entries(texts).map(([id, text]) => ({ kind: 'text', title: id, text, externalId: id }) as const);
    return await app.get(IngestionService).ingest({ workspace, sources });
  };
  const retrieve = async (query: string): Promise<RetrievalResult> => await app.get(RetrievalService, { strict: false }).retrieve({ workspace, query, k: 3 });

  it('embeds each passage once and tells the calls', async () => {
    const report = await ingest(TEXTS);
    expect(report.totals.added).toBe(3);
    expect(report.modelCalls).toBe(server.calls('/embeddings'));
    expect(server.calls('/embeddings')).toBeGreaterThan(0);
    const stats = await app.get(WorkspaceService, { strict: false }).stats(workspace);
    expect(stats.embedding).toEqual({ modelId: 'fake', dimensions: 32, semantic: true });
  });

  it('finds a passage by its vector though it shares no word with the others', async () => {
    const found = await retrieve('bern. Bears live by the river.');
    expect(found.passages[0]).toMatchObject({ externalId: 'bern', via: { dense: { rank: 1, score: 1 } } });
    expect(found.passages[1]?.via.dense?.rank).toBe(2);
    expect(found.warnings).toEqual([]);
  });

  it('asks for nothing again when nothing changed, and only for what did', async () => {
    const before = server.calls('/embeddings');
    expect((await ingest(TEXTS)).modelCalls).toBe(0);
    expect(server.calls('/embeddings')).toBe(before);
    await ingest({ ...TEXTS, oslo: 'Ferries cross the fjord.' });
    const asked = server.requests.slice(before).flatMap((request) => request.body['input']);
    expect(asked).toEqual(['oslo. Ferries cross the fjord.']);
  });

  it('embeds the sentences of long passages too, and of a changed one only those that changed', async () => {
    const lines = Array.from({ length: 10 }, (_, i) => `The guide tells story number ${String(i)} of the town.`);
    const before = server.requests.length;
    await ingest({ tour: lines.join(' ') });
    const asked = server.requests.slice(before).flatMap((request) => request.body['input'] as string[]);
    expect(asked.toSorted()).toEqual([`tour. ${lines.join(' ')}`, ...lines.map((line) => `tour: ${line}`)].toSorted());
    const found = await retrieve(`tour: ${lines[6] ?? ''}`);
    // Its own cosine is anything, the sentence's is 1: so far up no other passage comes by chance.
    expect(found.passages[0]).toMatchObject({ externalId: 'tour' });
    expect(found.passages[0]?.via.dense?.rank).toBe(1);

    const between = server.requests.length;
    const changed = lines.with(3, 'The guide falls silent for once, out of respect.');
    await ingest({ tour: changed.join(' ') });
    const again = server.requests.slice(between).flatMap((request) => request.body['input'] as string[]);
    expect(again.toSorted()).toEqual([`tour. ${changed.join(' ')}`, `tour: ${changed[3] ?? ''}`].toSorted());
    expect((await ingest({ tour: changed.join(' ') })).modelCalls).toBe(0);
  });

  it('answers from text and graph, and says so, when the server is away', async () => {
    server.always({ kind: 'status', status: 401, text: 'away' });
    const found = await retrieve('Where do ferries cross?');
    server.always(undefined);
    expect(found.passages[0]?.externalId).toBe('oslo');
    expect(found.passages[0]?.via.dense).toBeUndefined();
    expect(found.warnings).toEqual([expect.stringContaining('could not be embedded')]);
  });
});
