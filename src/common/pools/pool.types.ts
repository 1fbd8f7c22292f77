/** What a pool of connections holds now, and what it has done since the start. */
export interface PoolFigures {
  /** Which pool it is: one word. */
  readonly pool: string;
  /** Connections at most. */
  readonly size: number;
  /** Connections in use. */
  readonly active: number;
  /** Connections that are open and not in use. */
  readonly idle: number;
  /** Calls that wait for a connection. */
  readonly waiting: number;
  /** How often a connection was handed out. */
  readonly acquisitions: number;
  /** Milliseconds that all of those waited for it, opening connections included. */
  readonly acquisitionMs: number;
  /** Connections opened. */
  readonly created: number;
  /** Connections closed, whoever closed them. */
  readonly closed: number;
}
