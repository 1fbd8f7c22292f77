import type { Clock } from '../../../common/clock/clock.port.ts';
import type { IdSource } from '../../../common/clock/id-source.port.ts';
import { RemoteCacheStore } from '../remote-cache-store.ts';
import { MemcachedValueServer } from './memcached-value-server.ts';

/** The tier `memcached`. */
export class MemcachedCacheStore extends RemoteCacheStore {
  /** @param servers as in MEMCACHED_SERVERS; nothing is connected before `onModuleInit` */
  constructor(servers: string, clock: Clock, ids: IdSource) {
    super({ server: new MemcachedValueServer(servers, clock), clock, ids });
  }
}
