import { Injectable } from '@nestjs/common';
import type { PoolFigures } from '../common/pools/pool.types.ts';
import { Neo4jConnection } from './neo4j-connection.service.ts';

/** The pools of connections to stores, for Prometheus. */
@Injectable()
export class StorageMetrics {
  constructor(private readonly neo4j: Neo4jConnection) {}

  /** One line a pool; none without a server. */
  async pools(): Promise<readonly PoolFigures[]> {
    const figures = await this.neo4j.poolFigures();
    return figures === undefined ? [] : [figures];
  }
}
