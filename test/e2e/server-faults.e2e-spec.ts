import { setTimeout as delay } from 'node:timers/promises';
import { FakeOpenAiServer } from '../fakes/fake-openai-server.ts';
import { TcpFaultProxy } from '../fakes/tcp-fault-proxy.ts';
import { type Course, disturbed } from '../fixtures/disturbed-service.ts';
import { turnAtNeo4j } from '../fixtures/neo4j-turn.ts';
import { type LoadRequest, type LoadTarget, type Outcome, send } from '../fixtures/open-load.ts';
import { describeWith, neo4jService, redisService } from '../fixtures/services.ts';
import { addDocument } from './chat-requests.ts';
import { ADMIN_KEY, type RunningApp, startApp } from './start-app.ts';

/** What a caller may wait at most: the time a server is away, and as long again. */
const DEADLINE_MS = 10_000;
/** Within this time readiness tells what is. */
const TRUTH_MS = 2000;
/** Within this time after the return all is well. */
const WELL_MS = 5000;
/** Questions that are asked again and again, so that their vectors are in the cache. */
const QUESTIONS = 50;

const redisServer = await redisService();

interface CacheReport {
  readonly details: { readonly cache: { readonly tiers: { readonly redis: { readonly state: string; readonly errors: number } } } };
}

function port(url: string): { host: string; port: number } {
  const { hostname, port: number } = new URL(url);
  return { host: hostname, port: Number(number) };
}

function through(url: string, proxy: TcpFaultProxy): string {
  const proxied = new URL(url);
  proxied.hostname = '127.0.0.1';
  proxied.port = String(proxy.port);
  return proxied.href.replace(/\/$/, '');
}

const went = ({ status }: Outcome): boolean => status >= 200 && status < 300;
const codeOf = ({ answer }: Outcome): unknown => (answer as { code?: unknown }).code;

describeWith(await neo4jService(), 'The service with Neo4j and Redis at 50 requests a second', (neo4j) => {
  describeWith(redisServer, 'one of which goes away for 5 s', (redisUrl) => {
    const workspace = `faults-${String(Date.now())}`;
    let endTurn: () => Promise<void>;
    let model: FakeOpenAiServer;
    let neo4jProxy: TcpFaultProxy;
    let redisProxy: TcpFaultProxy;
    let running: RunningApp;
    let target: LoadTarget;
    let documentId: string;
    let round = 0;

    beforeAll(async () => {
      endTurn = await turnAtNeo4j(neo4j);
      model = await FakeOpenAiServer.start({ dimensions: 64 });
      neo4jProxy = await TcpFaultProxy.start(port(neo4j.uri));
      redisProxy = await TcpFaultProxy.start(port(redisUrl));
      running = await startApp({
        STORE: 'neo4j', NEO4J_URI: through(neo4j.uri, neo4jProxy), NEO4J_USERNAME: neo4j.username, NEO4J_PASSWORD: neo4j.password === '' ? 'none' : neo4j.password,
        // First, because questions are kept in the first tier alone: each of them asks Redis.
        CACHE_TIERS: 'redis,memory', CACHE_TTL: '1h', REDIS_URL: through(redisUrl, redisProxy),
        OPENAI_BASE_URL: model.url, EMBEDDING_MODEL: 'fake',
      });
      for (let i = 0; i < 10; i += 1) documentId = await addDocument(running, { workspace, title: `Keeper ${String(i)}`, externalId: `keeper-${String(i)}`, text: `Keeper number ${String(i)} lit the lamp of the lighthouse at Westkapelle.` });
      target = { url: running.url, key: await running.keyFor(workspace, 'write'), deadlineMs: DEADLINE_MS };
      for (let i = 0; i < QUESTIONS; i += 1) expect(await send(target, question(i))).toMatchObject({ status: 200 });
    }, 120_000);
    afterAll(async () => {
      neo4jProxy.heal();
      redisProxy.heal();
      await running.call('delete', `/workspaces/${workspace}`, ADMIN_KEY);
      await running.close();
      await Promise.all([neo4jProxy.stop(), redisProxy.stop(), model.stop(), endTurn()]);
    }, 60_000);

    const question = (i: number): LoadRequest => ({ kind: 'retrieve', method: 'POST', path: '/retrieve', body: { query: `Who lit lamp ${String(i % QUESTIONS)} of the lighthouse?`, workspace } });
    const request = (i: number): LoadRequest => {
      const externalId = `log-${String(round)}-${String(i)}`;
      if (i % 100 === 0) return { kind: 'add', method: 'POST', path: '/documents', body: { workspace, title: externalId, externalId, text: `On watch ${externalId} the keeper saw ${String(i)} ships.` } };
      if (i % 10 === 1) return question(i);
      return { kind: 'look', method: 'GET', path: i % 2 === 0 ? `/documents?workspace=${workspace}&limit=5` : `/documents/${documentId}?workspace=${workspace}` };
    };
    const course = async (proxy: TcpFaultProxy, fault: 'stall' | 'cutOff'): Promise<Course> => {
      round += 1;
      return await disturbed(target, request, { begin: () => { proxy[fault](); }, end: () => { proxy.heal(); } });
    };
    /** Every document whose job was accepted is there, and findable; how long after the return of the server the last job had ended. */
    const expectNothingLost = async ({ outcomes, backMs }: Course): Promise<number> => {
      const accepted = outcomes.filter(({ kind, status }) => kind === 'add' && status === 202);
      const jobs = await Promise.all(accepted.map(async ({ answer }) => await ended((answer as { jobId: string }).jobId)));
      const lastMs = performance.now() - backMs;
      expect(jobs.map(({ state, errors }) => [state, errors])).toEqual(accepted.map(() => ['completed', []]));
      for (const { body } of accepted) {
        const { externalId, text } = body as { externalId: string; text: string };
        const found = await send(target, { kind: 'find', method: 'POST', path: '/retrieve', body: { query: externalId, workspace, filter: { externalIds: [externalId] } } });
        expect(found.answer).toMatchObject({ passages: [{ externalId, text }] });
      }
      return lastMs;
    };
    const ended = async (jobId: string): Promise<{ state: string; errors: unknown[] }> => {
      for (;;) {
        const { answer } = await send(target, { kind: 'job', method: 'GET', path: `/jobs/${jobId}` });
        const job = answer as { state: string; errors: unknown[] };
        if (job.state !== 'queued' && job.state !== 'running') return job;
        // Not as fast as it can, because the questions themselves would be the load.
        await delay(50);
      }
    };
    const embeddedQuestions = (): number => model.requests.filter(({ body }) => JSON.stringify(body['input']).includes('Who lit lamp')).length;
    const redisTier = async (): Promise<CacheReport['details']['cache']['tiers']['redis']> => {
      const report = await send({ ...target, key: ADMIN_KEY }, { kind: 'health', method: 'GET', path: '/health' });
      return (report.answer as CacheReport).details.cache.tiers.redis;
    };
    const expectAnswered = ({ outcomes }: Course): void => {
      expect(outcomes.filter(({ status }) => status === 0)).toEqual([]);
      for (const outcome of outcomes.filter((each) => !went(each))) {
        expect(outcome.status).toBe(503);
        expect(['store-unavailable', 'store-busy']).toContain(codeOf(outcome));
        expect(outcome.headers.get('content-type')).toContain('application/problem+json');
        expect(outcome.headers.get('retry-after')).toBe('1');
      }
    };
    /** Whoever asked two seconds after the server had gone or come back, or later, was told the truth, and nobody waited longer for it. */
    const expectTruth = ({ probes, awayMs, backMs }: Course): void => {
      expect(Math.max(...probes.map(({ ms }) => ms))).toBeLessThan(TRUTH_MS);
      const firstNotReady = probes.filter(({ status }) => status === 503).map(({ startedMs, ms }) => startedMs + ms - awayMs);
      expect(Math.min(...firstNotReady)).toBeGreaterThan(0);
      expect(Math.min(...firstNotReady)).toBeLessThan(TRUTH_MS);
      const wrong = probes.filter(({ startedMs, ms, status }) => {
        const away = startedMs > awayMs && startedMs + ms < backMs;
        return (away && status !== 503) || (startedMs > backMs + TRUTH_MS && status !== 200);
      });
      expect(wrong).toEqual([]);
    };

    it.each(['stall', 'cutOff'] as const)('loses nothing, answers in time and tells the truth when it is Neo4j (%s)', async (fault) => {
      const what = await course(neo4jProxy, fault);
      const jobsMs = await expectNothingLost(what);
      expectAnswered(what);
      expectTruth(what);
      expect(what.wellAfterMs).toBeLessThan(WELL_MS);
      expect(jobsMs).toBeLessThan(WELL_MS);
    }, 90_000);

    it.each(['stall', 'cutOff'] as const)('answers every request when it is Redis (%s), with vectors from the model server meanwhile', async (fault) => {
      const [before, tier] = [embeddedQuestions(), await redisTier()];
      const what = await course(redisProxy, fault);
      const jobsMs = await expectNothingLost(what);
      expect(what.outcomes.filter((each) => !went(each))).toEqual([]);
      expect(what.probes.filter(({ status }) => status !== 200)).toEqual([]);
      expect(what.wellAfterMs).toBeLessThan(WELL_MS);
      expect(jobsMs).toBeLessThan(WELL_MS);
      // It was asked, found to be away, done without, and is in use again.
      expect(embeddedQuestions()).toBeGreaterThan(before);
      const now = await redisTier();
      expect(now.state).toBe('up');
      expect(now.errors).toBeGreaterThan(tier.errors);
    }, 90_000);
  });
});
