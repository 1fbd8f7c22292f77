import { documentIdOf } from '../../src/graph/ids.types.ts';
import { WorkspaceService } from '../../src/graph/workspace.service.ts';
import { BlobStore } from '../../src/storage/blob-store.port.ts';
import { SYSTEM_SCOPE, workspaceScope } from '../../src/storage/storage.types.ts';
import { finishedJob } from './finished-job.ts';
import { type RunningApp, startApp } from './start-app.ts';

interface Document {
  id: string;
  externalId: string;
  title: string;
  mediaType: string;
  status: string;
  chunks: number;
  metadata: Record<string, unknown>;
}

describe('documents', () => {
  let service: RunningApp;
  let key: string;

  beforeAll(async () => {
    service = await startApp({ MAX_UPLOAD_MB: '1' });
    key = await service.keyFor('library', 'write');
  }, 30_000);

  afterAll(() => service.close());

  const upload = async (body: string | Buffer, name: string, contentType = 'text/plain'): ReturnType<typeof finishedJob> => {
    const response = await service.call('post', '/documents', key).attach('file', Buffer.from(body), { filename: name, contentType });
    expect(response.status).toBe(202);
    return await finishedJob(service, (response.body as { jobId: string }).jobId, key);
  };
  const documents = async (): Promise<Document[]> => ((await service.call('get', '/documents', key)).body as { documents: Document[] }).documents;
  const codeOf = async (test: ReturnType<RunningApp['call']>): Promise<[number, unknown]> => {
    const response = await test;
    return [response.status, (response.body as { code?: unknown }).code];
  };

  it('takes a text as JSON and gives it back as it was', async () => {
    const text = 'First paragraph, with ünïcode 😀.\r\n\r\nSecond one.\n';
    const body = { title: 'A note', text, externalId: 'note-1', metadata: { date: '2026-01-02', tags: ['a'] } };
    const response = await service.call('post', '/documents', key).send(body);
    expect(response.status).toBe(202);
    const job = await finishedJob(service, (response.body as { jobId: string }).jobId, key);
    expect(job).toMatchObject({ workspace: 'library', state: 'completed', counts: { added: 1, chunks: 1, failed: 0 }, errors: [] });
    const [id = ''] = job.documentIds;
    const document = await service.call('get', `/documents/${id}`, key);
    expect(document.body).toMatchObject({ id, externalId: 'note-1', title: 'A note', status: 'ready', chunks: 1, metadata: body.metadata });
    const whole = await service.call('get', `/documents/${id}/text`, key);
    expect(whole.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(whole.text).toBe(text);
  });

  it('takes several files at once, and a bad one costs only itself', async () => {
    const response = await service
      .call('post', '/documents', key)
      .attach('a', Buffer.from('# Harbour\n\nThe harbour was built in 1902.\n'), 'harbour.md')
      .attach('b', Buffer.from([0x48, 0xe9, 0x6c, 0xff]), { filename: 'latin.txt', contentType: 'text/plain' })
      .attach('c', Buffer.from('a\0b'), 'binary.txt')
      .attach('d', Buffer.from(''), 'empty.txt');
    const job = await finishedJob(service, (response.body as { jobId: string }).jobId, key);
    expect(job.state).toBe('completed');
    expect(job.counts).toMatchObject({ added: 1, failed: 3 });
    expect(job.errors.map(({ source, code }) => [source, code])).toEqual([
      ['latin.txt', 'document-encoding'],
      ['binary.txt', 'document-binary'],
      ['empty.txt', 'document-empty'],
    ]);
    expect((await documents()).find(({ externalId }) => externalId === 'harbour.md')).toMatchObject({ title: 'Harbour', mediaType: 'text/markdown' });
  });

  it('reads another charset when it is declared or a byte order mark says so', async () => {
    const latin = await upload(Buffer.from('Caf\u00e9 cr\u00e8me', 'latin1'), 'cafe.txt', 'text/plain; charset=iso-8859-1');
    const utf16 = await upload(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('Žluťoučký kůň', 'utf16le')]), 'kun.txt');
    const text = async (id = ''): Promise<string> => (await service.call('get', `/documents/${id}/text`, key)).text;
    expect(await text(latin.documentIds[0])).toBe('Café crème');
    expect(await text(utf16.documentIds[0])).toBe('Žluťoučký kůň');
    const original = await service.call('get', `/documents/${utf16.documentIds[0] ?? ''}/original`, key).buffer(true);
    expect(original.headers['content-length']).toBe('28');
  });

  it('gives originals as downloads that no browser runs', async () => {
    const { documentIds } = await upload('<p>Seen</p><script>alert(1)</script>', 'päge "x".html', 'text/html');
    const original = await service.call('get', `/documents/${documentIds[0] ?? ''}/original`, key);
    expect(original.headers['content-type']).toContain('text/html');
    expect(original.headers['content-security-policy']).toContain('sandbox');
    expect(original.headers['x-content-type-options']).toBe('nosniff');
    expect(original.headers['content-disposition']).toMatch(/^attachment; filename="p_ge_[\w]+\.html"; filename\*=UTF-8''p%C3%A4ge/);
    expect(original.text).toBe('<p>Seen</p><script>alert(1)</script>');
    expect((await service.call('get', `/documents/${documentIds[0] ?? ''}/text`, key)).text).toBe('Seen');
  });

  it('takes a list of records, each a document of its own, and reports a bad one with its line', async () => {
    const lines = ['{"id":"r1","title":"One","text":"First \\ud800 text.\\u0000"}', 'no json', '{"id":"r2","title":"Two","text":"Second."}'];
    const job = await upload(lines.join('\n'), 'list.jsonl');
    expect(job.counts).toMatchObject({ added: 2, failed: 1 });
    expect(job.errors).toMatchObject([{ source: 'list.jsonl:2', code: 'document-malformed' }]);
    const text = await service.call('get', `/documents/${job.documentIds[0] ?? ''}/text`, key);
    expect(text.text).toBe('First \ufffd text.\ufffd');
    const original = await service.call('get', `/documents/${job.documentIds[1] ?? ''}/original`, key);
    expect(original.body).toEqual({ id: 'r2', title: 'Two', text: 'Second.' });
  });

  it('changes nothing for the same bytes, replaces for others, and leaves nothing behind a deletion', async () => {
    const workspaces = service.app.get(WorkspaceService, { strict: false });
    const workspace = await workspaces.get('library');
    const before = await workspaces.stats(workspace);
    const blobs = async (): Promise<number> => {
      const keys = [];
      for await (const blob of service.app.get(BlobStore, { strict: false }).list(workspaceScope(workspace))) keys.push(blob.key);
      return keys.length;
    };
    const blobsBefore = await blobs();
    expect((await upload('Ann: Hello Bob.\nBob: Hello Ann, how is Rotterdam?\n', 'talk.txt')).counts).toMatchObject({ added: 1 });
    const added = await workspaces.stats(workspace);
    expect((await upload('Ann: Hello Bob.\nBob: Hello Ann, how is Rotterdam?\n', 'talk.txt')).counts).toMatchObject({ unchanged: 1, added: 0 });
    expect(await workspaces.stats(workspace)).toEqual(added);
    expect((await upload('Ann: Hello Bob.\nBob: Hello Ann, how is Delft?\n', 'talk.txt')).counts).toMatchObject({ updated: 1 });
    const id = documentIdOf(workspace.uid, 'talk.txt');
    expect((await service.call('delete', `/documents/${id}`, key)).status).toBe(204);
    const { indexVersion: _before, ...counts } = before;
    expect(await workspaces.stats(workspace)).toMatchObject(counts);
    expect(await blobs()).toBe(blobsBefore);
    expect(await codeOf(service.call('get', `/documents/${id}`, key))).toEqual([404, 'document-not-found']);
    expect(await codeOf(service.call('delete', `/documents/${id}`, key))).toEqual([404, 'document-not-found']);
  });

  it('keeps no upload once its job is done, or when it is refused', async () => {
    const tooMuch = service.call('post', '/documents', key).attach('file', Buffer.alloc(1_500_000, 'x'), 'large.txt');
    expect(await codeOf(tooMuch)).toEqual([413, 'payload-too-large']);
    const foreign = service.call('post', '/documents', key).field('workspace', 'nowhere').attach('file', Buffer.from('x'), 'x.txt');
    expect(await codeOf(foreign)).toEqual([404, 'workspace-not-found']);
    const uploads = [];
    for await (const blob of service.app.get(BlobStore, { strict: false }).list(SYSTEM_SCOPE)) uploads.push(blob.key);
    expect(uploads).toEqual([]);
  });

  it.each([
    ['no text', { title: 'x' }],
    ['an unknown field', { title: 'x', text: 'y', colour: 'red' }],
    ['metadata that is no object', { title: 'x', text: 'y', metadata: 'z' }],
  ])('refuses a body with %s', async (_, body) => {
    expect(await codeOf(service.call('post', '/documents', key).send(body))).toEqual([400, 'invalid-request']);
  });

  it('refuses files without any, and facts of one document for several', async () => {
    expect(await codeOf(service.call('post', '/documents', key).field('workspace', 'library'))).toEqual([400, 'invalid-request']);
    const two = service.call('post', '/documents', key).field('title', 'T').attach('a', Buffer.from('a'), 'a.txt').attach('b', Buffer.from('b'), 'b.txt');
    expect(await codeOf(two)).toEqual([400, 'invalid-request']);
  });

  it('pages through the list by external id', async () => {
    const all = await documents();
    expect(all.map(({ externalId }) => externalId)).toEqual(all.map(({ externalId }) => externalId).sort());
    const first = (await service.call('get', '/documents?limit=2', key)).body as { documents: Document[]; nextCursor: string };
    const second = (await service.call('get', `/documents?limit=2&cursor=${encodeURIComponent(first.nextCursor)}`, key)).body as { documents: Document[] };
    expect([...first.documents, ...second.documents]).toEqual(all.slice(0, 4));
  });

  it('asks for the right to write, and for a workspace the caller sees', async () => {
    const reader = await service.keyFor('library', 'read');
    expect(await codeOf(service.call('post', '/documents', reader).send({ title: 'x', text: 'y' }))).toEqual([403, 'right-missing']);
    expect(await codeOf(service.call('get', '/documents?workspace=elsewhere', reader))).toEqual([404, 'workspace-not-found']);
    expect(await codeOf(service.call('get', '/documents?workspace=../x', reader))).toEqual([404, 'workspace-not-found']);
    expect(await codeOf(service.call('get', '/documents'))).toEqual([400, 'workspace-required']);
    expect(await codeOf(service.call('get', '/documents', null))).toEqual([401, 'authentication-required']);
  });
});
