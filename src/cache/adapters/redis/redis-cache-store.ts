import type { Clock } from '../../../common/clock/clock.port.ts';
import type { IdSource } from '../../../common/clock/id-source.port.ts';
import { RemoteCacheStore } from '../remote-cache-store.ts';
import { RedisValueServer } from './redis-value-server.ts';

/** The tier `redis`. */
export class RedisCacheStore extends RemoteCacheStore {
  /** @param url address with user and password, if there are any; nothing is connected before `onModuleInit` */
  constructor(url: string, clock: Clock, ids: IdSource) {
    super({ server: new RedisValueServer(url, ids), clock, ids });
  }
}
