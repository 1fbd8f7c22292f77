/**
 * What goes into a statement. Whole numbers are sent as integers and others as floats; a Float32Array or Float64Array, such as a
 * vector, always as a list of floats. `undefined` leaves a property out.
 */
export type CypherParameters = Readonly<Record<string, unknown>>;

/** One transaction: everything that is run in it is written, or nothing is. */
export interface Neo4jTransaction {
  /** Runs a statement and returns its rows, as plain objects by the names after RETURN. */
  run<Row = Record<string, unknown>>(cypher: string, parameters?: CypherParameters): Promise<Row[]>;
}

/** What Neo4j said of itself. */
export interface Neo4jServerInfo {
  /** As it calls itself, such as `Neo4j/5.26.12`. */
  readonly agent: string;
  readonly address: string;
}

/** Where Neo4j is and how connections to it are kept. */
export interface Neo4jClientSettings {
  readonly uri: string;
  readonly username: string;
  readonly password: string;
  readonly database: string;
  readonly maxPoolSize: number;
  readonly maxConnectionLifetimeMs: number;
  readonly connectionTimeoutMs: number;
  readonly acquisitionTimeoutMs: number;
  readonly livenessCheckTimeoutMs: number;
  readonly fetchSize: number;
}
