import { jest } from '@jest/globals';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { TokenService } from '../../src/auth/token.service.ts';
import { FakeOpenAiServer } from '../fakes/fake-openai-server.ts';
import { addDocument } from './chat-requests.ts';
import { ADMIN_KEY, type RunningApp, startApp } from './start-app.ts';

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
const TEXT = 'Ada: Let us begin with the bridge.\nCharles: The old bridge of Ulm was built by <img src=x onerror=alert(1)> Mary Kern.\nAda: Very well.';
const QUESTION = 'Who built the old bridge of Ulm?';

// A browser needs its time on a busy machine.
jest.setTimeout(60_000);

describe('the page, as files', () => {
  let running: RunningApp;
  beforeAll(async () => {
    running = await startApp();
  });
  afterAll(() => running.close());

  it.each(['/', '/index.html', '/app.js', '/style.css', '/favicon.svg'])('serves %s to everybody, and allows no inline script', async (path) => {
    const { status, headers } = await running.call('get', path, null);
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toContain("default-src 'self'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
  });

  it.each(['/app.ts', '/../package.json', '/%2e%2e/web.module.ts', '/public/index.html'])('serves nothing at %s', async (path) => {
    const { status, text } = await running.call('get', path, null);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(text).not.toContain('WebModule');
  });

  it('has no inline script, style or handler', async () => {
    const { text } = await running.call('get', '/', null);
    expect(text).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=/i);
  });
});

const maybe = existsSync(CHROMIUM) ? describe : describe.skip;

maybe(`the page, in ${CHROMIUM} (skipped where there is none; CHROMIUM_PATH names another)`, () => {
  let model: FakeOpenAiServer;
  let running: RunningApp;
  let browser: Browser;
  let page: Page;
  const faults: string[] = [];

  beforeAll(async () => {
    model = await FakeOpenAiServer.start({ answer: () => 'Mary Kern <b>built</b> it [1]. **Surely** [7].' });
    running = await startApp({ OPENAI_BASE_URL: model.url, CHAT_MODEL: 'fake' });
    await addDocument(running, { workspace: 'library', title: 'Bridges', externalId: 'bridges', text: TEXT });
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  });
  afterAll(async () => {
    await browser.close();
    await running.close();
    await model.stop();
  });
  beforeEach(async () => {
    faults.length = 0;
    model.always(undefined);
    page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      // The browser itself tells of refused requests; everything else is ours or the content policy's.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) faults.push(message.text());
    });
    page.on('dialog', (dialog) => void dialog.accept());
  });
  afterEach(async () => {
    expect(faults).toEqual([]);
    await page.context().close();
  });

  async function signIn(): Promise<void> {
    const token = await running.app.get(TokenService, { strict: false }).createOneTime();
    await page.goto(`${running.url}/?token=${token}`);
    await page.locator('#workspace').waitFor();
    await page.locator('#workspace').selectOption('library');
  }

  async function ask(): Promise<void> {
    await page.locator('#question').fill(QUESTION);
    await page.keyboard.press('Enter');
  }

  it('signs in with the token of the address, and takes it out of the address bar', async () => {
    await signIn();
    expect(page.url()).toBe(`${running.url}/`);
    await page.reload();
    await page.locator('#app').waitFor();
    expect(await page.evaluate('Object.keys(localStorage).join()')).not.toContain('token');
  });

  it('asks for a key without one, says what is wrong with a bad one, and takes a good one', async () => {
    await page.goto(running.url);
    await page.getByLabel('Key').fill('not-a-key-of-this-service');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('This key is not known here.').waitFor();
    await page.getByLabel('Key').fill(ADMIN_KEY);
    await page.keyboard.press('Enter');
    await page.locator('#app').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Key').waitFor();
  });

  it('shows a streamed answer with markers that open the passage with the quote marked', async () => {
    await signIn();
    await ask();
    await page.locator('.facts').waitFor();
    expect(await page.locator('.answer').innerText()).toMatch(/^Mary Kern <b>built<\/b> it\s1\. Surely\.$/);
    expect(await page.locator('.mode').innerText()).toBe('Generated');
    await page.getByRole('button', { name: 'Source 1: Bridges, Charles · line 2' }).click();
    expect(await page.locator('.passage').innerText()).toBe(TEXT);
    expect(await page.locator('mark').allInnerTexts()).toEqual([TEXT.split('\n')[1]]);
    expect(await page.locator('#panel .reasons').innerText()).toContain('place 1 of the text search');
    await page.keyboard.press('Escape');
    expect(await page.locator('#panel').isHidden()).toBe(true);
    expect(await page.evaluate('document.activeElement.className')).toBe('marker');
  });

  it('opens an earlier conversation again, its sources too', async () => {
    await signIn();
    await page.locator('#sessions .entry').first().click();
    await page.locator('.marker').click();
    await page.locator('mark').waitFor();
    expect(await page.locator('mark').innerText()).toBe(TEXT.split('\n')[1]);
  });

  it('shows an error as what happened and what can be done, and tries again', async () => {
    model.always({ kind: 'status', status: 401, text: 'bad key' });
    await signIn();
    await ask();
    const alert = page.locator('.turn [role=alert]');
    await alert.waitFor();
    model.always(undefined);
    await alert.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.facts').waitFor();
    expect(await page.locator('.turn').count()).toBe(1);
  });

  it('draws the way of the walk to a passage', async () => {
    const at = { documentId: 'd', externalId: 'e', start: 0, end: 9, entities: [] };
    const graph = { seeds: [], start: ['night harbour'], paths: [['a', 'zoe kern', 'b'], ['b', 'linz', 'c']], titles: { a: 'Night Harbour', b: 'Zoë Kern', c: 'Cities' } };
    const passages = [{ ...at, rank: 1, score: 1, chunkId: 'c', title: 'Cities', text: 'There is LINZ.', via: { graph, rerank: { from: 3 } } }];
    const done = { answer: 'Yes.', mode: 'generated', citations: [], sessionId: 's', usage: {}, timings: {} };
    const events = [['retrieval', { passages }], ['done', done]] as const;
    const body = events.map(([event, data]) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join('');
    await page.route('**/chat', (route) => route.fulfill({ contentType: 'text/event-stream', body }));
    await signIn();
    await ask();
    await page.locator('.why summary').click();
    expect(await page.locator('.walk li').allInnerTexts()).toEqual(['“Night Harbour”', 'Night Harbour', 'Zoë Kern', 'Zoë Kern', 'LINZ', 'Cities']);
    expect(await page.locator('.why .reasons').innerText()).toContain('Moved here by the model, from place 3.');
  });

  it('says what could not be used, beside the answer that stands all the same', async () => {
    const warnings = ['The question could not be embedded.'];
    const done = { answer: 'Yes.', mode: 'generated', citations: [], sessionId: 's', usage: {}, timings: {}, warnings };
    const events = [['retrieval', { passages: [], warnings }], ['done', done]] as const;
    const body = events.map(([event, data]) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join('');
    await page.route('**/chat', (route) => route.fulfill({ contentType: 'text/event-stream', body }));
    await signIn();
    await ask();
    await page.locator('.facts').waitFor();
    expect(await page.locator('.turn .notice').allInnerTexts()).toEqual(warnings);
    expect(await page.locator('.answer').innerText()).toBe('Yes.');
  });

  it('stops an answer', async () => {
    model.always({ kind: 'stall', afterParts: 2 });
    await signIn();
    const aborted = model.aborted;
    await ask();
    await page.locator('.answer').getByText('Mary').waitFor();
    await page.getByRole('button', { name: 'Stop the answer' }).click();
    await page.getByText('You stopped this answer').waitFor();
    await model.until(() => model.aborted > aborted);
  });

  it('takes files, shows their progress, and lists and deletes documents', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'graphrag-chat-web-'));
    await writeFile(join(folder, 'gates.txt'), 'The gate of Linz is green. It was painted in 1920.');
    await signIn();
    await page.locator('#files').setInputFiles(join(folder, 'gates.txt'));
    const item = page.locator('#documents li', { hasText: 'gates' });
    await item.waitFor();
    await page.locator('.job.completed').waitFor();
    await item.hover();
    await item.getByRole('button', { name: /^Delete/ }).click();
    await item.waitFor({ state: 'detached' });
    await rm(folder, { recursive: true });
  });

  it('makes a workspace, and says so when its name will not do', async () => {
    await signIn();
    await page.locator('#workspace').selectOption('+new');
    await page.getByLabel('Name').fill('library');
    await page.keyboard.press('Enter');
    await page.locator('#new-workspace').getByRole('alert').waitFor();
    await page.getByLabel('Name').fill('fresh');
    await page.keyboard.press('Enter');
    await page.getByText('This workspace is empty').waitFor();
    expect(await page.locator('#workspace').inputValue()).toBe('fresh');
  });

  it.each([320, 390, 768, 1024])('fits a screen of %d pixels', async (width) => {
    await page.setViewportSize({ width, height: 700 });
    await signIn();
    await ask();
    await page.locator('.facts').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    await page.locator('.marker').click();
    expect(await page.locator('#panel').boundingBox()).toMatchObject({ width: expect.any(Number) });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
  });
});
