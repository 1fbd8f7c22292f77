import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TemporaryFolder, temporaryFolder } from '../fakes/temporary-folder.ts';
import { CommandProcess, type CommandResult, runCommand } from './command-process.ts';
import { RunningProcess } from './serving-process.ts';

interface Report {
  readonly files: readonly { readonly source: string; readonly status: string; readonly code?: string; readonly documentIds: readonly string[] }[];
  readonly totals: Readonly<Record<string, number>>;
}

const KEY = 'admin-key-of-the-tests';
const SECONDS = 1000;
// A fresh checkout is built by the first command.
const LIMIT_MS = 180 * SECONDS;

describe('command line', () => {
  let folder: TemporaryFolder;
  let docs: string;
  let next = 0;

  beforeAll(async () => {
    folder = await temporaryFolder();
    docs = join(folder.path, 'docs');
    mkdirSync(join(docs, 'deep'), { recursive: true });
    writeFileSync(join(docs, 'ada.md'), '# Ada Lovelace\n\nAda Lovelace wrote the first program in 1843.\n');
    writeFileSync(join(docs, 'deep', 'babbage.txt'), 'Charles Babbage was born in London.\nHe designed the Analytical Engine.\n');
    await runCommand(['--version']);
  }, LIMIT_MS);

  afterAll(() => folder.remove());

  /** A data folder of its own. */
  const newData = (): string => join(folder.path, `data-${String((next += 1))}`);
  const run = (data: string, ...args: string[]): Promise<CommandResult> => runCommand([...args, '--data-dir', data]);
  const documentsIn = async (data: string): Promise<Readonly<Record<string, unknown>>[]> =>
    ((await run(data, 'documents', 'list', '--json')).json() as { documents: Record<string, unknown>[] }).documents;
  const statsOf = async (data: string): Promise<object> => {
    const { workspaces } = (await run(data, 'workspaces', 'list', '--json')).json() as { workspaces: { indexVersion: number }[] };
    const [{ indexVersion: _, ...stats } = { indexVersion: 0 }] = workspaces;
    return stats;
  };

  /** A file of records that takes some seconds to read. */
  const writeRecords = (count: number): string => {
    const file = join(folder.path, `records-${String(count)}.jsonl`);
    const line = (n: number): string => {
      const text = `Person ${String(n)} of Town ${String(n % 97)} met Person ${String((n * 7) % count)} at the Great Fair. They spoke of River ${String(n % 31)} for hours.`;
      return JSON.stringify({ id: String(n), title: `Person ${String(n)}`, text });
    };
    writeFileSync(file, Array.from({ length: count }, (_, n) => `${line(n)}\n`).join(''));
    return file;
  };

  describe('reading and asking', () => {
    it('ingests a folder, says what became of each file, and does nothing the second time', async () => {
      const data = newData();
      const first = await run(data, 'ingest', docs, '--json');
      expect(first.code).toBe(0);
      expect(first.json()).toMatchObject({
        files: [
          { source: 'ada.md', status: 'added', documentIds: [expect.any(String)], chunks: 1 },
          { source: 'deep/babbage.txt', status: 'added', documentIds: [expect.any(String)], chunks: 1 },
        ],
        totals: { added: 2, updated: 0, unchanged: 0, skipped: 0, failed: 0, chunks: 2 },
        modelCalls: 0,
        seconds: expect.any(Number),
      });
      expect((await run(data, 'ingest', docs, '--json')).json()).toMatchObject({ totals: { added: 0, unchanged: 2 } });
      expect((await run(data, 'ingest', docs)).stdout).toMatch(/^2 unchanged; \d+ chunks, in [\d.]+ s\n$/);
    }, LIMIT_MS);

    it('answers with the same objects as HTTP, and readably', async () => {
      const data = newData();
      await run(data, 'ingest', docs);
      const answer = (await run(data, 'ask', 'Where was Charles Babbage born?', '--json')).json();
      const citation = { marker: 1, externalId: 'deep/babbage.txt', quote: 'Charles Babbage was born in London.', start: 0, end: 35, lines: [1, 1] };
      expect(answer).toMatchObject({ mode: 'extractive', sessionId: expect.any(String), usage: { promptTokens: 0 }, timings: expect.any(Object) });
      expect(answer).toHaveProperty('citations', expect.arrayContaining([expect.objectContaining(citation)]));
      const found = (await run(data, 'retrieve', 'first program', '-k', '1', '--json')).json() as { passages: object[] };
      expect(Object.keys(found).sort()).toEqual(['passages', 'timings']);
      expect(found.passages).toEqual([expect.objectContaining({ rank: 1, externalId: 'ada.md', via: expect.any(Object) })]);
      const readable = await run(data, 'ask', 'Where was Charles Babbage born?');
      expect(readable.stdout).toContain('[1] deep/babbage.txt, line 1\n    "Charles Babbage was born in London."');
    }, LIMIT_MS);

    it('reads stdin, named by its content or as told', async () => {
      const data = newData();
      const ingest = (...args: string[]): Promise<CommandResult> => runCommand(['ingest', '-', '--data-dir', data, ...args], { input: 'Grace Hopper found a moth.' });
      expect((await ingest('--json')).json()).toMatchObject({ totals: { added: 1 } });
      expect((await ingest('--json')).json()).toMatchObject({ totals: { added: 0, unchanged: 1 } });
      expect((await ingest('--id', 'hopper')).code).toBe(0);
      expect((await documentsIn(data)).map((document) => document['externalId'])).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), 'hopper']);
    }, LIMIT_MS);

    it('takes and leaves files by name, and removes what is gone when told to', async () => {
      const data = newData();
      await run(data, 'ingest', docs, '--include', '*.md');
      await run(data, 'ingest', docs, '--exclude', '*.md');
      expect(await documentsIn(data)).toHaveLength(2);
      await run(data, 'ingest', docs, '--include', '*.md', '--prune');
      expect((await documentsIn(data)).map((document) => document['externalId'])).toEqual(['ada.md']);
      expect((await run(data, 'documents', 'delete', 'ada.md', '--json')).json()).toEqual({ deleted: [expect.any(String)] });
      expect(await documentsIn(data)).toEqual([]);
    }, LIMIT_MS);
  });

  describe('faults', () => {
    it('tells a bad file among good ones, and keeps the good ones', async () => {
      const data = newData();
      const mixed = join(folder.path, 'mixed');
      mkdirSync(mixed);
      writeFileSync(join(mixed, 'good.txt'), 'A good file.');
      writeFileSync(join(mixed, 'empty.txt'), '');
      writeFileSync(join(mixed, 'latin.txt'), Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x20, 0xe9]));
      const result = await run(data, 'ingest', mixed, '--json');
      expect(result.code).toBe(1);
      const { files } = result.json() as Report;
      expect(Object.fromEntries(files.map(({ source, status, code }) => [source, code ?? status]))).toEqual({
        'good.txt': 'added',
        'empty.txt': 'document-empty',
        'latin.txt': 'document-encoding',
      });
      const readable = await run(data, 'ingest', mixed);
      expect([readable.code, readable.stdout]).toEqual([1, expect.stringMatching(/empty\.txt +failed +document-empty/)]);
      expect((await run(data, 'ingest', mixed, '--include', 'latin.txt', '--charset', 'iso-8859-1')).code).toBe(0);
    }, LIMIT_MS);

    it.each([
      ['an unknown command', ['nonsense'], 2, /unknown command 'nonsense'/],
      ['an unknown option', ['ingest', '.', '--nonsense'], 2, /unknown option '--nonsense'/],
      ['a missing argument', ['ask'], 2, /missing required argument/],
      ['too many arguments', ['ask', 'one', 'two'], 2, /too many arguments/],
      ['a bad number', ['retrieve', 'x', '-k', '0'], 2, /^usage-invalid: -k takes a whole number/],
      ['nothing to read', ['ingest'], 2, /^usage-invalid: ingest needs a path/],
      ['sizes that are none', ['bench', 'grow', '--sizes', '10k'], 2, /^usage-invalid: --sizes takes a whole number/],
      ['a benchmark that is none', ['bench', 'x'], 2, /^usage-invalid: There is no benchmark/],
      ['an unknown workspace', ['ask', 'x', '--workspace', 'nowhere'], 1, /^workspace-not-found: .*"nowhere"/],
      ['a workspace that cannot be', ['ingest', '.', '--workspace', '../x'], 1, /^workspace-name-invalid/],
      ['a question of nothing', ['ask', ' '], 1, /^(question-empty|workspace-not-found)/],
      ['sets that do not pair', ['eval', 'retrieval', '--corpus', '.', '--corpus', 'src', '--questions', 'package.json'], 2, /^usage-invalid: Each --corpus needs/],
      ['questions that are none', ['eval', 'retrieval', '--corpus', '.', '--questions', 'package.json'], 1, /^invalid-request: package\.json:1 is no JSON/],
    ])('ends %s with its exit code and a message', async (_what, args, code, message) => {
      const result = await run(newData(), ...args);
      expect([result.code, result.stdout, result.stderr]).toEqual([code, '', expect.stringMatching(message)]);
    }, LIMIT_MS);

    it('lists every fault of the settings, without a stack', async () => {
      const result = await runCommand(['ask', 'x', '--data-dir', newData()], { env: { PORT: 'x', CHAT_MODEL: 'y', LOG_LEVEL: 'loud' } });
      expect(result.code).toBe(1);
      expect(result.stderr).toMatch(/^configuration-invalid/);
      for (const name of ['PORT', 'CHAT_MODEL', 'LOG_LEVEL']) expect(result.stderr).toContain(`\n  ${name} `);
      expect(result.stderr).not.toMatch(/\n +at /);
    }, LIMIT_MS);

    it('shows help without opening anything', async () => {
      const result = await runCommand(['--help']);
      expect([result.code, result.stderr]).toEqual([0, '']);
      expect(await runCommand(['documents'])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^Usage: graphrag-chat documents/) });
      for (const name of ['serve', 'ingest', 'ask', 'retrieve', 'documents', 'workspaces', 'keys', 'auth', 'graph', 'eval', 'bench', 'doctor']) {
        expect(result.stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
      }
    }, LIMIT_MS);
  });

  describe('keeping house', () => {
    it('makes keys, shows each once, and revokes them', async () => {
      const data = newData();
      await run(data, 'workspaces', 'create', 'team');
      const made = (await run(data, 'keys', 'create', '--workspace', 'team', '--role', 'write', '--json')).json() as { id: string; key: string };
      expect(made).toEqual({ id: expect.any(String), key: expect.stringMatching(/^grc_/), workspace: 'team', role: 'write' });
      const listed = await run(data, 'keys', 'list', '--json');
      expect(listed.json()).toEqual({ keys: [{ id: made.id, workspace: 'team', role: 'write', createdAt: expect.any(String) }] });
      expect((await run(data, 'keys', 'revoke', made.id)).code).toBe(0);
      expect((await run(data, 'keys', 'revoke', made.id)).code).toBe(1);
      expect((await run(data, 'auth', 'reset', '--json')).json()).toEqual({ key: expect.stringMatching(/^grc_admin_/) });
      expect((await run(data, 'workspaces', 'delete', 'team')).code).toBe(0);
      expect((await run(data, 'workspaces', 'list', '--json')).json()).toEqual({ workspaces: [] });
    }, LIMIT_MS);

    it('tells what it works with, and no secret', async () => {
      const secret = 'secret-of-the-administrator';
      const well = await runCommand(['doctor', '--json', '--data-dir', newData()], { env: { ADMIN_API_KEY: secret } });
      expect(well.code).toBe(0);
      expect(well.json()).toMatchObject({ ok: true, dataFolder: { exists: false }, servers: [], settings: { auth: { adminApiKey: '(set, hidden)' } } });
      expect(well.stdout).not.toContain(secret);
      // Nothing listens on the port of discarded data.
      const away = await runCommand(['doctor', '--json', '--data-dir', newData()], { env: { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' } });
      expect([away.code, away.json()]).toEqual([1, expect.objectContaining({ ok: false, servers: [expect.objectContaining({ server: 'models', ok: false })] })]);
    }, LIMIT_MS);

    it('evaluates retrieval and leaves nothing behind', async () => {
      const work = join(folder.path, 'evaluation');
      mkdirSync(work);
      writeFileSync(join(docs, 'questions.jsonl'), `${JSON.stringify({ id: 'q', question: 'Where was Charles Babbage born?', gold: ['deep/babbage.txt'] })}\n`);
      const args = ['--corpus', docs, '--questions', join(docs, 'questions.jsonl'), '--k', '1,2', '--run', join(folder.path, 'run.jsonl')];
      const { code, json } = await run(work, 'eval', 'retrieval', ...args, '--json');
      const full = { '1': 100, '2': 100 };
      expect([code, json()]).toEqual([0, expect.objectContaining({ store: 'sqlite', questions: 1, recall: full, passages: 2, modelCalls: 0 })]);
      expect(json()).toMatchObject({ bm25: { recall: full }, stagesMs: { total: { p50: expect.any(Number) } } });
      const again = await run(work, 'eval', 'retrieval', ...args, '--compare', join(folder.path, 'run.jsonl'), '--json');
      expect(again.json()).toMatchObject({ compare: { questions: 1, missingHere: [], recall: { '1': { difference: 0, better: 0, worse: 0, equal: 1 } } } });
      expect((await run(work, 'workspaces', 'list', '--json')).json()).toEqual({ workspaces: [] });
    }, LIMIT_MS);
  });

  describe('several at once, and cut off', () => {
    it('completes what kill -9 cut off, and nothing is half there in between', async () => {
      const [file, data, whole] = [writeRecords(3000), newData(), newData()];
      const cut = new CommandProcess(['ingest', file, '--data-dir', data]);
      await cut.storing(data);
      cut.kill('SIGKILL');
      await cut.result;
      const between = await documentsIn(data);
      expect(between.length).toBeLessThan(3000);
      expect(between.every((document) => document['status'] === 'ready' && document['chunks'] === 1)).toBe(true);
      const rest = (await run(data, 'ingest', file, '--json')).json() as Report;
      expect(rest.totals).toMatchObject({ added: 3000 - between.length, unchanged: between.length, failed: 0 });
      await run(whole, 'ingest', file);
      expect(await statsOf(data)).toEqual(await statsOf(whole));
    }, LIMIT_MS);

    it('stops at Ctrl-C with 130, and a second run completes', async () => {
      const [file, data] = [writeRecords(3000), newData()];
      const cut = new CommandProcess(['ingest', file, '--data-dir', data, '--json']);
      await cut.storing(data);
      cut.kill('SIGINT');
      const { code, stdout } = await cut.result;
      expect([code, stdout]).toEqual([130, '']);
      const again = (await run(data, 'ingest', file, '--json')).json() as Report;
      expect((again.totals['added'] ?? 0) + (again.totals['unchanged'] ?? 0)).toBe(3000);
    }, LIMIT_MS);

    it('lets two commands read one file at once', async () => {
      const [file, data] = [writeRecords(800), newData()];
      const results = await Promise.all([run(data, 'ingest', file, '--json'), run(data, 'ingest', file, '--json')]);
      expect(results.map((result) => [result.code, result.code === 0 ? '' : result.stderr])).toEqual([[0, ''], [0, '']]);
      expect(await statsOf(data)).toMatchObject({ documents: 800, chunks: 800 });
      const sum = (status: string): number => results.reduce((total, result) => total + ((result.json() as Report).totals[status] ?? 0), 0);
      expect([sum('added') + sum('unchanged') + sum('updated'), sum('failed')]).toEqual([1600, 0]);
    }, LIMIT_MS);

    it('reads documents beside a running server, which sees them at the next question', async () => {
      const data = newData();
      await run(data, 'workspaces', 'create', 'default');
      const server = new RunningProcess(['serve', '--port', '0', '--data-dir', data], { ADMIN_API_KEY: KEY });
      try {
        const url = (await server.says(/(http:\/\/127\.0\.0\.1:\d+)\//))[1] ?? '';
        const ask = async (): Promise<{ passages: { externalId: string }[] }> => {
          const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
          const response = await fetch(`${url}/retrieve`, { method: 'POST', headers, body: JSON.stringify({ query: 'Babbage', workspace: 'default' }) });
          return (await response.json()) as { passages: { externalId: string }[] };
        };
        expect(await ask()).toMatchObject({ passages: [] });
        expect((await run(data, 'ingest', join(docs, 'deep'))).code).toBe(0);
        expect(await ask()).toMatchObject({ passages: [{ externalId: 'babbage.txt' }] });
      } finally {
        server.kill('SIGKILL');
        await server.ended;
      }
    }, LIMIT_MS);
  });
});
