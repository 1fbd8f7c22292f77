import { HealthIndicatorService } from '@nestjs/terminus';
import { StorageError } from '../storage/storage.errors.ts';
import { GraphHealth } from './graph.health.ts';
import type { Workspace } from './graph.types.ts';
import type { WorkspaceStore } from './workspace-store.port.ts';

function healthOf(ping: Promise<void>, list: Promise<Workspace[]>): GraphHealth {
  return new GraphHealth({ ping: () => ping, list: () => list } as unknown as WorkspaceStore, new HealthIndicatorService());
}

describe('GraphHealth', () => {
  it('tells how many workspaces there are', async () => {
    expect(await healthOf(Promise.resolve(), Promise.resolve([])).check()).toEqual({ rag: { status: 'up', workspaces: 0 } });
  });

  it('does not wait for the count of a store that is too busy for it, nor of one that went away after it answered', async () => {
    const { promise: never } = Promise.withResolvers<Workspace[]>();
    const startMs = performance.now();
    expect(await healthOf(Promise.resolve(), never).check()).toEqual({ rag: { status: 'up' } });
    expect(performance.now() - startMs).toBeLessThan(500);
  });

  it('is down when the store is', async () => {
    const away = new StorageError('store-unavailable', 'The store is away.');
    expect(await healthOf(Promise.reject(away), Promise.resolve([])).check()).toEqual({ rag: { status: 'down', message: 'The store is away.' } });
    expect(await healthOf(Promise.resolve(), Promise.reject(away)).check()).toEqual({ rag: { status: 'down', message: 'The store is away.' } });
  });
});
