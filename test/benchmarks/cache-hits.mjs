// A hit of the Redis tier beside a bare ioredis `getBuffer` of the same bytes, the same beside memcached and memjs, and a hit in memory.
// Interleaved rounds, one call after the other. usage, with the servers of scripts/services.sh and after `npm run build`:
//   eval "$(scripts/services.sh env)"; node test/benchmarks/cache-hits.mjs [bytes] [rounds]
import { Buffer } from 'node:buffer';
import { performance } from 'node:perf_hooks';
import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { Client } from 'memjs';

const [bytes = '1536', rounds = '40'] = process.argv.slice(2);
const { TEST_REDIS_URL: url, TEST_MEMCACHED_SERVERS: servers } = process.env;
if (url === undefined || servers === undefined) throw new Error('TEST_REDIS_URL and TEST_MEMCACHED_SERVERS are not set: eval "$(scripts/services.sh env)"');
const CALLS = 500;
const MEMORY_CALLS = 1_000_000;
const HOUR_MS = 3_600_000;

const dist = new URL('../../dist/', import.meta.url);
const load = (path) => import(new URL(path, dist).href);
Logger.overrideLogger(false);
const { RedisCacheStore } = await load('cache/adapters/redis/redis-cache-store.js');
const { MemcachedCacheStore } = await load('cache/adapters/memcached/memcached-cache-store.js');
const { MemoryCacheStore } = await load('cache/adapters/memory-cache-store.js');
const { CacheService } = await load('cache/cache.service.js');
const { SystemClock } = await load('common/clock/system-clock.js');
const { RandomIdSource } = await load('common/clock/random-id-source.js');

const [clock, ids] = [new SystemClock(), new RandomIdSource()];
const scope = { kind: 'workspace', uid: ids.uuid() };
const value = Buffer.alloc(Number(bytes), 'v');
const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
const show = (times) => {
  const sorted = Float64Array.from(times).sort();
  return { p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95), p99: percentile(sorted, 0.99) };
};
const row = (name, { p50, p95, p99 }, more = '') => console.log(`${name.padEnd(34)} p50 ${p50.toFixed(2)} µs  p95 ${p95.toFixed(2)} µs  p99 ${p99.toFixed(2)} µs  ${more}`);

async function timed(times, call) {
  for (let i = 0; i < CALLS; i += 1) {
    const start = performance.now();
    const found = await call();
    times.push((performance.now() - start) * 1000);
    if (found === undefined || found === null) throw new Error('a miss where a hit was expected');
  }
}

/** Both ways in turn; the ratio is the median of the rounds' ratios of medians. */
async function compare(name, bare, ours) {
  const all = { bare: [], ours: [] };
  const ratios = [];
  for (let round = -2; round < Number(rounds); round += 1) {
    const [first, second] = [[], []];
    const [a, b] = round % 2 === 0 ? [[first, bare], [second, ours]] : [[second, ours], [first, bare]];
    await timed(...a);
    await timed(...b);
    if (round < 0) continue;
    all.bare.push(...first);
    all.ours.push(...second);
    ratios.push(show(second).p50 / show(first).p50);
  }
  row(`${name}, bare client`, show(all.bare));
  row(`${name}, the tier`, show(all.ours), `${show(ratios).p50.toFixed(2)} times the bare client`);
}

console.log(`${value.byteLength} bytes, ${rounds} rounds of ${CALLS} calls each way`);
const redis = new RedisCacheStore(url, clock, ids);
await redis.onModuleInit();
await redis.set(scope, 'k', value, HOUR_MS);
const bareRedis = new Redis(url);
await bareRedis.set('graphrag:bench', Buffer.concat([Buffer.alloc(8), value]), 'PX', HOUR_MS);
await compare('Redis', () => bareRedis.getBuffer('graphrag:bench'), () => redis.get(scope, 'k'));

const memcached = new MemcachedCacheStore(servers, clock, ids);
await memcached.onModuleInit();
await memcached.set(scope, 'k', value, HOUR_MS);
const bareMemcached = Client.create(servers, { retries: 1 });
await bareMemcached.set('graphrag:bench', Buffer.concat([Buffer.alloc(8), value]), { expires: 3600 });
await compare('memcached', async () => (await bareMemcached.get('graphrag:bench')).value, () => memcached.get(scope, 'k'));

async function inMemory(name, call) {
  const times = new Float64Array(MEMORY_CALLS);
  for (let i = 0; i < 20_000; i += 1) await call();
  for (let i = 0; i < MEMORY_CALLS; i += 1) {
    const start = performance.now();
    await call();
    times[i] = (performance.now() - start) * 1000;
  }
  row(name, show(times));
}
const memory = new MemoryCacheStore(64_000_000, clock);
await memory.set(scope, 'k', value, HOUR_MS);
await inMemory('memory, the tier', () => memory.get(scope, 'k'));
const cache = new CacheService([memory], { ttlMs: HOUR_MS }, clock);
const key = { kind: 'vector', version: 'model', parts: ['a question of some forty characters or so'] };
await cache.set(scope, key, value);
await inMemory('memory, the whole layered cache', () => cache.get(scope, key));

await redis.clear(scope);
await memcached.clear(scope);
await bareRedis.del('graphrag:bench');
await bareRedis.quit();
bareMemcached.close();
await redis.onApplicationShutdown();
await memcached.onApplicationShutdown();
