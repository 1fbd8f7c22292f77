import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { type INestApplicationContext, Module } from '@nestjs/common';
import { temporaryFolder, type TemporaryFolder } from '../../test/fakes/temporary-folder.ts';
import { ConfigModule } from '../config/config.module.ts';
import { loadSettings } from '../config/load-settings.ts';
import { DocumentWriter, type WriteResult } from '../graph/document-writer.port.ts';
import type { Workspace, WorkspaceStats } from '../graph/graph.types.ts';
import { KnowledgeGraph } from '../graph/knowledge-graph.port.ts';
import { WorkspaceService } from '../graph/workspace.service.ts';
import { BlobStore } from '../storage/blob-store.port.ts';
import { workspaceScope } from '../storage/storage.types.ts';
import { IngestionModule } from './ingestion.module.ts';
import { IngestionService } from './ingestion.service.ts';
import type { IngestReport, IngestRequest, Source } from './ingestion.types.ts';

@Module({})
class Runtime {}

describe('IngestionService', () => {
  let folder: TemporaryFolder;
  let files: string;
  let app: INestApplicationContext;
  let workspace: Workspace;
  let slugs = 0;

  beforeAll(async () => {
    folder = await temporaryFolder();
    files = join(folder.path, 'files');
    await mkdir(files);
    const settings = loadSettings({ DATA_DIR: join(folder.path, 'data') });
    app = await NestFactory.createApplicationContext({ module: Runtime, imports: [ConfigModule.forRoot(settings), IngestionModule] }, { logger: false });
  });
  beforeEach(async () => {
    slugs += 1;
    workspace = await app.get(WorkspaceService, { strict: false }).create(`w${String(slugs)}`);
  });
  afterAll(async () => {
    await app.close();
    await folder.remove();
  });

  const ingest = async (sources: Source[], over: Partial<IngestRequest> = {}): Promise<IngestReport> =>
    await app.get(IngestionService).ingest({ workspace, sources, ...over });
  const stats = async (): Promise<WorkspaceStats> => await app.get(WorkspaceService, { strict: false }).stats(workspace);
  const file = async (name: string, content: string): Promise<Source> => {
    const path = join(files, name);
    await writeFile(path, content);
    return { kind: 'file', path, root: files };
  };
  const keys = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { key } of app.get(BlobStore, { strict: false }).list(workspaceScope(workspace))) found.push(key);
    return found;
  };
  const blobs = async (): Promise<number> => (await keys()).length;
  const text = (name: string, body: string): Source => ({ kind: 'text', title: name, text: body, externalId: name });

  it('names every source, and a bad one costs only itself', async () => {
    const good = await file('good.txt', 'Anna lives in Delft.');
    const bad = await file('bad.txt', 'a\0b');
    const missing: Source = { kind: 'file', path: join(files, 'none.txt'), root: files };
    const report = await ingest([bad, good, missing, good, text('blank', ' \n ')]);
    expect(report.files.map(({ source, status, code }) => [source, status, code])).toEqual([
      ['bad.txt', 'failed', 'document-binary'],
      ['good.txt', 'added', undefined],
      ['none.txt', 'failed', 'source-not-found'],
      ['good.txt', 'failed', 'source-name-duplicate'],
      ['blank', 'failed', 'document-empty'],
    ]);
    expect(report.totals).toEqual({ added: 1, updated: 0, unchanged: 0, skipped: 0, failed: 4, chunks: 1 });
    expect(await blobs()).toBe(1);
  });

  it('refuses links that lead out of the folder, and takes others', async () => {
    await writeFile(join(folder.path, 'secret.txt'), 'Not to be read.');
    await file('inside.txt', 'To be read.');
    await symlink(join(folder.path, 'secret.txt'), join(files, 'out.txt'));
    await symlink(join(files, 'inside.txt'), join(files, 'in.txt'));
    const report = await ingest(['out.txt', 'in.txt'].map((name) => ({ kind: 'file', path: join(files, name), root: files })));
    expect(report.files.map(({ status, code }) => status === 'failed' ? code : status)).toEqual(['source-unreadable', 'added']);
  });

  it('reads a stream once, and a changed list of records only where it changed', async () => {
    const list = (second: string): Source => ({
      kind: 'stream',
      name: 'list.jsonl',
      open: async function* () { yield await Promise.resolve(Buffer.from(`{"id":"1","text":"First of Delft."}\n{"id":"2","text":"${second}"}\n`)); },
    });
    expect((await ingest([list('Second.')])).totals).toMatchObject({ added: 2 });
    const before = await stats();
    expect((await ingest([list('Second.')])).totals).toMatchObject({ unchanged: 2, chunks: 0 });
    expect(await stats()).toEqual(before);
    expect((await ingest([list('Another one.')])).totals).toMatchObject({ unchanged: 1, updated: 1 });
    // Two documents, of which each keeps its lines and its texts.
    expect(await blobs()).toBe(4);
  });

  it('takes in what someone extracted for a document it has already, and never goes back to rules', async () => {
    const source = text('doc', 'Anna lives in Delft.');
    await ingest([source]);
    const extractionsFile = join(folder.path, 'extractions.jsonl');
    await writeFile(extractionsFile, '{"passage":"doc","entities":["Anna","Delft"],"triples":[["Anna","resides in","Delft"],["Anna","x"]]}\n');
    const report = await ingest([source], { extractionsFile });
    expect(report.totals).toMatchObject({ updated: 1 });
    expect(report.warnings).toHaveLength(1);
    expect((await stats()).relations).toBe(1);
    const picture = await app.get(KnowledgeGraph, { strict: false }).neighbourhood(workspace, { depth: 1, limit: 10 });
    expect(picture.edges.map(({ type }) => type)).toEqual(['resides in']);
    expect((await ingest([source])).totals).toMatchObject({ unchanged: 1 });
  });

  it('prunes what is not among the sources any longer, but not when one of them failed', async () => {
    await ingest([text('a', 'Text a.'), text('b', 'Text b.'), text('c', 'Text c.')]);
    await ingest([text('a', 'Text a.'), text('blank', ' ')], { prune: true });
    expect((await stats()).documents).toBe(3);
    await ingest([text('a', 'Text a.'), text('d', 'Text d.')], { prune: true });
    expect((await stats()).documents).toBe(2);
  });

  it('leaves nothing half visible when it is cancelled, and nothing lying about', async () => {
    const cancel = new AbortController();
    const many = Array.from({ length: 40 }, (_, i) => text(`doc ${String(i)}`, `Text number ${String(i)}. `.repeat(400)));
    const sources = (async function* (): AsyncGenerator<Source> {
      for (const [i, source] of many.entries()) {
        if (i === 30) cancel.abort(new Error('stop'));
        yield await Promise.resolve(source);
      }
    })();
    await expect(app.get(IngestionService).ingest({ workspace, sources, signal: cancel.signal })).rejects.toThrow('stop');
    expect((await stats()).documents).toBe(0);
    expect(await blobs()).toBe(0);
    expect((await ingest(many)).totals).toMatchObject({ added: 40 });
  });

  it('ends when a publication fails while the next documents are staged, and leaves nothing of them lying about', async () => {
    const lines = Array.from({ length: 3500 }, (_, i) => `{"id":"${String(i)}","text":"Number ${String(i)} of Delft."}\n`);
    const list: Source = { kind: 'stream', name: 'list.jsonl', open: async function* () { yield await Promise.resolve(Buffer.from(lines.join(''))); } };
    const writer = app.get(DocumentWriter, { strict: false });
    const publish = writer.publish.bind(writer);
    let calls = 0;
    let stagedBehind = 0;
    const writeBatch = writer.writeBatch.bind(writer);
    writer.writeBatch = async (...given): Promise<void> => {
      stagedBehind += calls > 1 ? 1 : 0;
      await writeBatch(...given);
    };
    writer.publish = async (...given): Promise<WriteResult> => {
      calls += 1;
      if (calls === 1) return await publish(...given);
      while (stagedBehind === 0) await new Promise((resolve) => { setImmediate(resolve); });
      throw new Error('the store is away');
    };
    await expect(ingest([list])).rejects.toThrow('the store is away');
    Object.assign(writer, { publish, writeBatch });
    expect(calls).toBe(2);
    const { documents } = await stats();
    expect(documents).toBeGreaterThan(500);
    const left = await keys();
    expect(await writer.blobsInUse(workspace, left)).toEqual(new Set(left));
    expect((await ingest([list])).totals).toMatchObject({ unchanged: documents, added: 3500 - documents, failed: 0 });
  });

  it('tells how far it is, in bytes of what it knows of', async () => {
    const told: string[] = [];
    const sources = [await file('one.txt', 'Text one.'), await file('two.txt', 'Text two, longer.')];
    await ingest(sources, { onProgress: ({ done, total, unit, current }) => told.push(`${current ?? ''} ${String(done)}/${String(total)} ${unit}`) });
    expect(told[0]).toBe('one.txt 0/26 bytes');
    expect(told.at(-1)).toBe('two.txt 26/26 bytes');
  });

  it('says at once that a model is missing', async () => {
    await expect(ingest([], { extractor: 'model' })).rejects.toMatchObject({ code: 'model-not-configured' });
  });
});
