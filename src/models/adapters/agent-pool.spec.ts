import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import { Agent, fetch } from 'undici';
import { eventually } from '../../../test/fakes/eventually.ts';
import { FakeClock } from '../../../test/fakes/fake-clock.ts';
import { registerPools } from '../../common/pools/pool-metrics.ts';
import { PoolWatch } from '../../common/pools/pool-watch.ts';
import { AgentPool } from './agent-pool.ts';

describe('AgentPool', () => {
  const answers: ServerResponse[] = [];
  const server = createServer((_request, response) => answers.push(response));
  let agent: Agent;
  let clock: FakeClock;
  let pool: AgentPool;

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  beforeEach(() => {
    clock = new FakeClock();
    agent = new Agent({ connections: 2 });
    pool = new AgentPool(agent, 2, { clock, watch: new PoolWatch(clock, () => undefined) });
  });
  afterEach(() => agent.destroy());
  afterAll(() => server.close());

  const get = async (): Promise<string> => {
    const address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
    return await (await fetch(address, { dispatcher: agent.compose(pool.interceptor()) })).text();
  };

  it('tells what is in use, idle and waiting, and how long requests waited', async () => {
    expect(pool.figures()).toEqual({ pool: 'models', size: 2, active: 0, idle: 0, waiting: 0, acquisitions: 0, acquisitionMs: 0, created: 0, closed: 0 });
    const texts = [get(), get(), get()];
    await eventually(() => answers.length === 2);
    expect(pool.figures()).toMatchObject({ active: 2, idle: 0, waiting: 1, acquisitions: 2, acquisitionMs: 0, created: 2 });
    await clock.advance(40);
    for (const response of answers.splice(0)) response.end('one');
    await eventually(() => answers.length === 1);
    answers.pop()?.end('two');
    expect(await Promise.all(texts)).toEqual(['one', 'one', 'two']);
    await eventually(() => pool.figures().active === 0);
    expect(pool.figures()).toMatchObject({ idle: 2, waiting: 0, acquisitions: 3, acquisitionMs: 40, created: 2, closed: 0 });
    await agent.close();
    await eventually(() => pool.figures().closed === 2);
  });

  it('is shown to Prometheus', async () => {
    const registry = new Registry();
    registerPools(registry, () => Promise.resolve([pool.figures(), { ...pool.figures(), pool: 'other', active: 3, acquisitionMs: 1500 }]));
    const text = await registry.metrics();
    expect(text).toContain('graphrag_pool_active{pool="models"} 0');
    expect(text).toContain('graphrag_pool_active{pool="other"} 3');
    expect(await registry.metrics()).toContain('graphrag_pool_acquisition_seconds_total{pool="other"} 1.5');
  });
});
