import { Injectable } from '@nestjs/common';
import { Neo4jConnection } from '../../../storage/neo4j-connection.service.ts';
import type { CypherParameters, Neo4jTransaction } from '../../../storage/neo4j/neo4j.types.ts';
import type { WorkspaceRef } from '../../graph.types.ts';
import { workspaceGone } from './graph-faults.ts';

/** The beginning of every statement about a workspace: without a workspace it gives no row. */
export const WORKSPACE = 'MATCH (w:Workspace {uid: $workspace})\n';
/** The same with the index's version as the statement began, which is before whatever else it reads; -1 while not all of that version can be seen. */
export const VERSIONED_WORKSPACE = `${WORKSPACE}WITH w, CASE WHEN w.settled = w.version THEN w.version ELSE -1 END AS version\n`;
/** The same, holding back other changes of the workspace until the transaction ends. */
export const LOCKED_WORKSPACE = `${WORKSPACE}SET w.locked = true WITH w\n`;

/** Statements about one workspace, each of which takes it and sees nothing of others. */
@Injectable()
export class Neo4jGraph {
  constructor(private readonly connection: Neo4jConnection) {}

  /**
   * Runs a statement that begins with `WORKSPACE` and returns one row.
   * @throws GraphError `workspace-not-found` if it returns none
   */
  async look<Row>(workspace: WorkspaceRef, cypher: string, parameters: CypherParameters = {}, signal?: AbortSignal): Promise<Row> {
    const [row] = await this.connection.read<Row>(cypher, { ...parameters, workspace: workspace.uid }, signal);
    if (row === undefined) throw workspaceGone(workspace);
    return row;
  }

  async write<T>(work: (transaction: Neo4jTransaction) => Promise<T>, deadlineMs?: number): Promise<T> {
    return await this.connection.write(work, deadlineMs);
  }

  /** Runs one statement that writes. */
  async change<Row>(cypher: string, parameters: CypherParameters): Promise<Row[]> {
    return await this.connection.write((transaction) => transaction.run<Row>(cypher, parameters));
  }

  /** Statements about no workspace, or about all. */
  async read<Row>(cypher: string, parameters: CypherParameters = {}): Promise<Row[]> {
    return await this.connection.read<Row>(cypher, parameters);
  }

  async autocommit<Row>(cypher: string, parameters: CypherParameters = {}): Promise<Row[]> {
    return await this.connection.autocommit<Row>(cypher, parameters);
  }

  /** Makes or drops indexes, each statement with its IF (NOT) EXISTS, while nobody else does. */
  async schema(statements: readonly string[]): Promise<void> {
    await this.connection.schema(statements);
  }

  /** Resolves if the store answers and takes writes. */
  async ping(): Promise<void> {
    await this.connection.ping();
  }
}
