import { HealthIndicatorService } from '@nestjs/terminus';
import { Registry } from 'prom-client';
import { FakeClock } from '../../test/fakes/fake-clock.ts';
import { FakeIdSource } from '../../test/fakes/fake-id-source.ts';
import { callContext, openGatewayStack } from '../../test/fixtures/gateway-stack.ts';
import { loadSettings } from '../config/load-settings.ts';
import { ModelGateway } from './model-gateway.service.ts';
import { ModelsHealth } from './models.health.ts';
import { ModelsMetrics } from './models.metrics.ts';

const ASK = [{ role: 'user', content: 'x' }] as const;

describe('ModelsHealth', () => {
  it('is up without a model server, and says so', () => {
    const gateway = new ModelGateway(loadSettings({}).models, new FakeClock(), new FakeIdSource(), { redisUrl: undefined });
    expect(new ModelsHealth(new HealthIndicatorService(), gateway).check()).toEqual({ models: { status: 'up', configured: false } });
  });

  it('tells the outcome of the latest real calls and makes none itself', async () => {
    const stack = await openGatewayStack();
    const { gateway, client, server } = stack;
    const health = new ModelsHealth(new HealthIndicatorService(), gateway);
    const ask = (): Promise<unknown> => client.chatModel.complete(ASK, { model: 'm' }, callContext()).catch(() => undefined);
    expect(health.check()).toMatchObject({ models: { status: 'up', configured: true, circuits: { chat: 'closed' }, limits: { pausedMs: 0 }, pool: expect.objectContaining({ pool: 'models', acquisitions: 0 }) } });
    expect(server.calls()).toBe(0);
    await ask();
    expect(health.check().models).toMatchObject({ status: 'up', chat: { failing: false, lastSuccessAt: '2026-01-01T00:00:00.000Z' } });
    server.next({ kind: 'status', status: 401 });
    await ask();
    expect(health.check().models).toMatchObject({ status: 'degraded', chat: { failing: true, lastFailure: { code: 'model-rejected', status: 401 } } });
    await ask();
    expect(health.check().models).toMatchObject({ status: 'up', chat: { failing: false, lastFailure: { code: 'model-rejected' } } });
    await stack.stop();
  });

  it('does not hold a request that the caller got wrong against the server', async () => {
    const stack = await openGatewayStack();
    const { gateway, client, server } = stack;
    server.next({ kind: 'status', status: 400 });
    await expect(client.chatModel.complete(ASK, { model: 'm' }, callContext())).rejects.toMatchObject({ status: 400 });
    expect(gateway.health()).toEqual([]);
    await stack.stop();
  });
});

describe('ModelsMetrics', () => {
  it('shows the figures of the gateway by kind and lane', async () => {
    const stack = await openGatewayStack();
    const { gateway, client, server } = stack;
    const registry = new Registry();
    new ModelsMetrics(gateway).register(registry);
    await client.chatModel.complete(ASK, { model: 'm' }, callContext('bulk'));
    server.next({ kind: 'status', status: 404 });
    await client.chatModel.complete(ASK, { model: 'm' }, callContext()).catch(() => undefined);
    const shown = await registry.metrics();
    expect(shown).toContain('graphrag_model_calls_succeeded_total{kind="chat",lane="bulk"} 1');
    expect(shown).toContain('graphrag_model_completion_tokens_total{kind="chat",lane="bulk"} 7');
    expect(shown).toContain('graphrag_model_calls_failed_total{kind="chat",lane="interactive",code="model-rejected"} 1');
    expect(shown).toContain('graphrag_model_in_flight{kind="embedding",lane="interactive"} 0');
    expect(shown).toContain('graphrag_model_waiting_for_limits{lane="bulk"} 0');
    expect(shown).toContain('graphrag_model_paused_seconds 0');
    expect(shown).toContain('graphrag_model_bulk_calls_per_second +Inf');
    expect(shown).toContain('graphrag_model_circuit{kind="chat"} 0');
    await stack.stop();
  });
});
