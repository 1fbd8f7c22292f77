import { Gate } from '../../common/concurrency/gate.ts';
import { errnoOf } from '../../common/errors/errno-of.ts';
import type { Neo4jClient } from './neo4j-client.ts';

/** Whoever changes the schema holds this node, whichever process it is. */
const LOCK_CONSTRAINT = 'CREATE CONSTRAINT schema_lock_id IF NOT EXISTS FOR (lock:SchemaLock) REQUIRE lock.id IS UNIQUE';
const TAKE_LOCK = "MERGE (lock:SchemaLock {id: 'schema'}) SET lock.takenAt = timestamp()";

const THERE_ALREADY = 'Neo.ClientError.Schema.EquivalentSchemaRuleAlreadyExists';

/**
 * Changes constraints and indexes, one change at a time among all processes: two statements that make the same index at the same
 * moment fail in spite of their IF NOT EXISTS, and others deadlock.
 */
export class Neo4jSchema {
  /** In this process one at a time, so that all who wait for the lock hold one connection together. */
  readonly #turns = new Gate(1);
  #hasLock = false;

  /** Runs statements that each may be run again without harm, in order. */
  async apply(client: Neo4jClient, statements: readonly string[], stop: AbortSignal): Promise<void> {
    await this.#turns.run(async () => {
      if (!this.#hasLock) await run(client, LOCK_CONSTRAINT, stop);
      this.#hasLock = true;
      await client.transact(
        async (holder) => {
          await holder.run(TAKE_LOCK);
          // Beside the transaction that holds the lock: Neo4j takes no statement about its schema after one that writes.
          for (const statement of statements) await run(client, statement, stop);
        },
        { stop },
      );
    }, stop);
  }
}

async function run(client: Neo4jClient, cypher: string, stop: AbortSignal): Promise<void> {
  try {
    await client.run('WRITE', { cypher }, { stop });
  } catch (error) {
    if (errnoOf(error) !== THERE_ALREADY) throw error;
  }
}
