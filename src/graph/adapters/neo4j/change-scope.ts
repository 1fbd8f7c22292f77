import type { CypherParameters, Neo4jTransaction } from '../../../storage/neo4j/neo4j.types.ts';
import { workspaceLabel } from './workspace-names.ts';

/** Rows of one statement. */
const ROWS = 5000;

/** The transaction of one change of what is visible in a workspace. */
export class ChangeScope {
  readonly workspace: string;
  readonly #transaction: Neo4jTransaction;
  readonly #sent: Promise<unknown>[] = [];

  constructor(transaction: Neo4jTransaction, workspace: string) {
    this.#transaction = transaction;
    this.workspace = workspace;
  }

  /** Runs a statement; it finds the workspace's uid as $workspace and its label as $label. */
  async run<Row>(cypher: string, parameters: CypherParameters = {}): Promise<Row[]> {
    const rows = this.#transaction.run<Row>(cypher, { ...parameters, workspace: this.workspace, label: workspaceLabel(this.workspace) });
    const sent = rows.then(() => undefined);
    // Its failure is told by `settled`, whoever else waits for it.
    sent.catch(() => undefined);
    this.#sent.push(sent);
    return await rows;
  }

  /**
   * Runs a statement with its rows as $batch.rows, in slices; not at all without rows. All of it is sent before this returns: statements of
   * a transaction run in the order in which they are sent, so what comes later need not wait for the answer. Of a list the server would
   * make a plan for each order of magnitude of its length; of a map it makes one.
   */
  async each<Row>(cypher: string, rows: readonly unknown[], parameters: CypherParameters = {}): Promise<Row[]> {
    const slices = Array.from({ length: Math.ceil(rows.length / ROWS) }, (_, i) => rows.slice(i * ROWS, (i + 1) * ROWS));
    return (await Promise.all(slices.map((slice) => this.run<Row>(cypher, { ...parameters, batch: { rows: slice } })))).flat();
  }

  /** Sends a statement with its rows, whose answer nobody waits for until `settled`: this way the next one is made while it runs. */
  send(cypher: string, rows: readonly unknown[], parameters: CypherParameters = {}): void {
    this.each(cypher, rows, parameters).catch(() => undefined);
  }

  /** Resolves when all that was sent has been run. @throws what the first of them failed with, which made the later ones fail too */
  async settled(): Promise<void> {
    for (const sent of this.#sent.splice(0)) await sent;
  }

  /** Runs work of which statements are sent and not waited for; a failure is that of the statement that failed first. */
  async through<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      await this.settled();
      return result;
    } catch (error) {
      await this.settled();
      throw error;
    }
  }
}
