import { jest } from '@jest/globals';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { GraphPicture } from '../../src/graph/graph.types.ts';
import { type TemporaryFolder, temporaryFolder } from '../fakes/temporary-folder.ts';
import { openElements } from '../fixtures/xml-elements.ts';
import { type CommandResult, runCommand } from './command-process.ts';

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const HOSTILE = '</script><script>alert(1)</script>';

// A fresh checkout is built by the first command.
jest.setTimeout(180_000);

const DOCUMENTS = [
  { id: 'kern', title: 'Mary Kern', text: 'Mary Kern built the old bridge in Ulm.', triple: ['Mary Kern', 'worked in', 'Ulm'] },
  { id: 'lang', title: 'Otto Lang', text: 'Otto Lang lived in Ulm. Later he was called something else.', triple: ['Otto Lang', 'lived in', 'Ulm'] },
  { id: 'bad', title: 'Bad', text: `Otto Lang met ${HOSTILE} once.`, triple: ['Otto Lang', HOSTILE, HOSTILE] },
];

describe('graph export', () => {
  let folder: TemporaryFolder;
  let data: string;
  const run = (...args: string[]): Promise<CommandResult> => runCommand([...args, '--data-dir', data]);
  const file = (name: string): string => join(folder.path, name);

  beforeAll(async () => {
    folder = await temporaryFolder();
    data = file('data');
    const lines = (of: (document: (typeof DOCUMENTS)[number]) => object): string => DOCUMENTS.map((document) => `${JSON.stringify(of(document))}\n`).join('');
    writeFileSync(file('corpus.jsonl'), lines(({ id, title, text }) => ({ id, title, text })));
    writeFileSync(file('extractions.jsonl'), lines(({ id, triple: [source, type, target] }) => ({ passage: id, entities: [source, target], triples: [[source, type, target]] })));
    const ingested = await run('ingest', file('corpus.jsonl'), '--extractions', file('extractions.jsonl'));
    expect([ingested.code, ingested.stderr]).toEqual([0, expect.any(String)]);
    await run('workspaces', 'create', 'empty');
  });
  afterAll(() => folder.remove());

  it('prints the graph as one JSON value, of an entity or of the whole workspace', async () => {
    for (const args of [['--entity', 'ULM'], ['--entity', 'Ulm', '--depth', '1', '--json']]) {
      const { code, json } = await run('graph', 'export', ...args);
      const { nodes, edges } = json() as GraphPicture;
      expect([code, nodes.map(({ name }) => name).sort()]).toEqual([0, ['Mary Kern', 'Otto Lang', 'Ulm']]);
      expect(nodes.find(({ name }) => name === 'Ulm')).toEqual({ id: expect.any(String), name: 'Ulm', type: expect.any(String), degree: 2 });
      expect(edges[0]).toEqual({ source: expect.any(String), target: expect.any(String), type: expect.any(String), weight: 1, evidence: [{ documentId: expect.any(String), chunkId: expect.any(String) }] });
    }
    expect(((await run('graph', 'export')).json() as GraphPicture).nodes.map(({ name }) => name)).toContain(HOSTILE);
    expect(((await run('graph', 'export', '--limit', '2')).json() as GraphPicture).nodes).toHaveLength(2);
  });

  it('writes files, and says what is in them', async () => {
    const { code, json } = await run('graph', 'export', '--format', 'graphml', '--out', file('g.graphml'), '--json');
    expect([code, json()]).toEqual([0, { file: file('g.graphml'), format: 'graphml', nodes: 4, edges: 3 }]);
    const xml = readFileSync(file('g.graphml'), 'utf8');
    expect(openElements(xml)).toEqual([]);
    expect(xml.match(/<node /g)).toHaveLength(4);
    expect((await run('graph', 'export', '--format', 'graphml')).stdout).toBe(xml);
  });

  it('writes an empty graph of an empty workspace', async () => {
    const { code, stderr, json } = await run('graph', 'export', '--workspace', 'empty');
    expect([code, json(), stderr]).toEqual([0, { nodes: [], edges: [] }, expect.stringContaining('empty')]);
    expect((await run('graph', 'export', '--workspace', 'empty', '--format', 'html', '--out', file('empty.html'))).code).toBe(0);
  });

  it.each([
    ['an unknown entity', ['--entity', 'Nobody'], 1, /^entity-not-found: .*"Nobody"/],
    ['an unknown workspace', ['--workspace', 'nowhere'], 1, /^workspace-not-found/],
    ['an unknown format', ['--format', 'svg'], 2, /^usage-invalid: --format is json, graphml, html/],
    ['a depth too far', ['--entity', 'Ulm', '--depth', '4'], 2, /^usage-invalid: --depth takes a whole number from 0 to 3/],
    ['a depth of nothing', ['--depth', '1'], 2, /^usage-invalid: .*needs --entity/],
    ['more than can be drawn', ['--format', 'html', '--limit', '5001'], 2, /^usage-invalid: A page shows at most 5000/],
    ['JSON around a page', ['--format', 'html', '--json'], 2, /^usage-invalid: .*needs --out/],
    ['a file that cannot be written', ['--out', 'no/such/folder/g.json'], 2, /^usage-invalid: .*cannot be written/],
  ])('ends %s with its exit code and a message', async (_what, args, code, message) => {
    const result = await run('graph', 'export', ...args);
    expect([result.code, result.stdout, result.stderr]).toEqual([code, '', expect.stringMatching(message)]);
  });

  it('measures how fast the surroundings of what questions name are read, and leaves nothing behind', async () => {
    const questions = ['Who lived in Ulm, Otto Lang or Nobody Known?', 'What did Mary Kern build?'].map((question, i) => JSON.stringify({ id: String(i), question, gold: ['kern'] }));
    writeFileSync(file('questions.jsonl'), questions.join('\n'));
    const work = file('bench');
    const args = ['--corpus', file('corpus.jsonl'), '--questions', file('questions.jsonl'), '--out', file('figures'), '--data-dir', work, '--json'];
    const { code, json } = await runCommand(['bench', 'graph-fetch', '--mode', 'concurrent', '--concurrency', '4', ...args]);
    const row = { mode: 'concurrent', callers: 4, fetches: 1000, errors: 0, perSecond: expect.any(Number), p50Ms: expect.any(Number), p99Ms: expect.any(Number) };
    expect([code, json()]).toEqual([0, expect.objectContaining({ name: 'graph-fetch', rows: [expect.objectContaining(row)] })]);
    expect(readFileSync(file('figures/graph-fetch.csv'), 'utf8')).toMatch(/^mode,callers,entities,fetches,errors,perSecond,p50Ms,p95Ms,p99Ms,/);
    expect(readFileSync(file('figures/graph-fetch.json'), 'utf8')).toContain('"graph-fetch"');
    expect(openElements(readFileSync(file('figures/graph-fetch.svg'), 'utf8'))).toEqual([]);
    expect(readdirSync(work)).toEqual([]);
  });

  const maybe = existsSync(CHROMIUM) ? describe : describe.skip;

  maybe(`the page, in ${CHROMIUM} (skipped where there is none; CHROMIUM_PATH names another)`, () => {
    let browser: Browser;
    let page: Page;
    const faults: string[] = [];

    beforeAll(async () => {
      await run('graph', 'export', '--format', 'html', '--out', file('g.html'));
      browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
    });
    beforeEach(async () => {
      page = await browser.newPage({ viewport: { width: 1300, height: 800 } });
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('dialog', (dialog) => { faults.push(`dialog: ${dialog.message()}`); void dialog.dismiss(); });
      page.on('console', (message) => faults.push(message.text()));
      page.on('request', (request) => { if (!request.url().startsWith('file:')) faults.push(request.url()); });
      await page.goto(pathToFileURL(file('g.html')).href);
      await page.locator('html[data-ready]').waitFor();
    });
    afterEach(async () => {
      await page.close();
      expect(faults.splice(0)).toEqual([]);
    });
    afterAll(() => browser.close());

    it('finds an entity, tells its relations and where they stand, all without a mouse', async () => {
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.locator('#search').focus();
      await page.keyboard.type('otto');
      await page.keyboard.press('Enter');
      const panel = page.locator('#panel');
      expect(await panel.locator('h3').innerText()).toBe('Otto Lang');
      expect(await panel.innerText()).toContain('Otto Lang lived in Ulm');
      expect(await panel.locator('blockquote').allInnerTexts()).toContain('Otto Lang lived in Ulm.');
      expect(await panel.innerText()).toMatch(/lang, line 1[\s\S]*document [0-9a-f]+, chunk [0-9a-f]+/);
      await panel.getByRole('button', { name: 'Ulm' }).press('Enter');
      expect(await panel.locator('h3').innerText()).toBe('Ulm');
      await page.keyboard.press('Escape');
      expect(await panel.innerText()).toContain('Most relations');
    });

    it('shows a hostile name as what it is', async () => {
      await page.locator('#search').fill('</script>');
      await page.keyboard.press('Enter');
      expect(await page.locator('#panel h3').innerText()).toBe(HOSTILE);
    });

    it('leaves a type out, and changes to the other theme', async () => {
      expect(await page.locator('#counts').innerText()).toBe('4 entities, 3 relations');
      for (const box of await page.locator('#types input').all()) await box.uncheck();
      expect(await page.locator('#counts').innerText()).toBe('0 entities, 0 relations');
      await page.getByRole('button', { name: 'All', exact: true }).click();
      expect(await page.locator('#counts').innerText()).toBe('4 entities, 3 relations');
      const before = await page.evaluate('document.documentElement.dataset.theme');
      await page.locator('#theme').click();
      expect(await page.evaluate('document.documentElement.dataset.theme')).not.toBe(before);
      for (const name of ['Zoom in', 'Zoom out', 'Show all']) await page.getByRole('button', { name }).click();
      await page.locator('#picture').press('ArrowLeft');
    });

    it.each([320, 768, 1024])('fits a screen of %d pixels', async (width) => {
      await page.setViewportSize({ width, height: 700 });
      await page.locator('#search').fill('ulm');
      await page.keyboard.press('Enter');
      await page.locator('#panel h3').waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    });
  });
});
