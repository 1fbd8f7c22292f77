import { Logger } from '@nestjs/common';
import type { Clock } from '../../../common/clock/clock.port.ts';
import type { CypherParameters, Neo4jTransaction } from '../../neo4j/neo4j.types.ts';
import { checkedJson, checkedKey, checkedKeys, checkedLimit, checkedOperations, checkedPrefix } from '../../record-checks.ts';
import { type PutOptions, type RecordPage, RecordStore } from '../../record-store.port.ts';
import { type JsonValue, type RecordOperation, type Scope, scopeName, type StoredRecord } from '../../storage.types.ts';
import { changesOf, countersOf, countersOfSteps, type CounterUse, type RecordStep, stepOf, writesAnyway } from './record-changes.ts';
import { idRange, keyOfId, recordId } from './record-ids.ts';

/** The part of Neo4jConnection that the record store needs. */
export interface RecordGraph {
  read<Row>(cypher: string, parameters?: CypherParameters): Promise<Row[]>;
  write<T>(work: (transaction: Neo4jTransaction) => Promise<T>): Promise<T>;
  ping(): Promise<void>;
}

/** What the record store works with. */
export interface Neo4jRecordStoreParts {
  readonly graph: RecordGraph;
  readonly clock: Clock;
  /** Stands before the name of every scope, so that tests share one database without seeing each other. */
  readonly namespace?: string;
}

interface Row {
  readonly id: string;
  readonly version: number;
  /** Absent for a value that is too large to come along with a page. */
  readonly json: string | null;
  readonly bytes: number;
}

const LIVE = '(record.expiresAt IS NULL OR record.expiresAt > $now)';
const GET = `MATCH (record:Record {id: $id}) WHERE ${LIVE} RETURN record.id AS id, record.version AS version, record.json AS json, record.bytes AS bytes`;
const GET_MANY = `MATCH (record:Record) WHERE record.id IN $ids AND ${LIVE} RETURN record.id AS id, record.version AS version, record.json AS json, record.bytes AS bytes`;
const PAGE = `MATCH (record:Record) WHERE record.id >= $from AND record.id > $after AND record.id < $below AND ${LIVE}
  WITH record ORDER BY record.id LIMIT $limit
  RETURN record.id AS id, record.version AS version, record.bytes AS bytes, CASE WHEN record.bytes <= $inline THEN record.json END AS json`;
const VALUES = 'MATCH (record:Record) WHERE record.id IN $ids RETURN record.id AS id, record.version AS version, record.json AS json, record.bytes AS bytes';
const IDS = 'MATCH (record:Record) WHERE record.id >= $from AND record.id < $below RETURN record.id AS id LIMIT $limit';
const EXPIRED = 'MATCH (record:Record) WHERE record.expiresAt <= $now RETURN record.id AS id LIMIT $limit';

// The first SET waits for whoever holds a counter, and only what comes after it reads what is there. Gathered, so that all are held
// before a record is looked at.
const HOLD = `UNWIND $counters AS use
  MERGE (counter:RecordCounter {id: use.id}) ON CREATE SET counter.last = 0
  SET counter.held = true SET counter.last = counter.last + use.draws
  WITH collect({id: counter.id, last: counter.last}) AS counters
  OPTIONAL MATCH (record:Record) WHERE record.id IN $ids AND ${LIVE}
  RETURN counters, [found IN collect(record {.id, .version}) WHERE found.id IS NOT NULL] AS records`;
/** Holds counters and writes records in one step, where nothing has to be known of the records first. */
const PUT_ANYWAY = `UNWIND $puts AS put
  MERGE (counter:RecordCounter {id: put.counter}) ON CREATE SET counter.last = 0
  SET counter.held = true SET counter.last = counter.last + 1
  MERGE (record:Record {id: put.id})
  SET record.json = put.json, record.bytes = put.bytes, record.version = counter.last, record.expiresAt = put.expiresAt
  RETURN record.id AS id, record.version AS version`;
const PUT = 'UNWIND $puts AS put MERGE (record:Record {id: put.id}) SET record.json = put.json, record.bytes = put.bytes, record.version = put.version, record.expiresAt = put.expiresAt';
const DELETE = 'MATCH (record:Record) WHERE record.id IN $ids DELETE record';
const DELETE_EXPIRED = 'MATCH (record:Record) WHERE record.id IN $ids AND record.expiresAt <= $now DELETE record';

/** A page of large values ends early, so that it does not fill the memory. */
const MAX_PAGE_BYTES = 8_000_000;
const MAX_PAGE = 1000;
const PURGE_EVERY_MS = 60_000;

/**
 * Records as nodes of Neo4j. Whoever writes a record first takes the counter that its versions are drawn from, so no two write the
 * same record at once, and a version is never drawn twice.
 */
export class Neo4jRecordStore extends RecordStore {
  readonly #logger = new Logger(Neo4jRecordStore.name);
  readonly #graph: RecordGraph;
  readonly #clock: Clock;
  readonly #namespace: string;
  #purgedAt: number;

  constructor({ graph, clock, namespace = '' }: Neo4jRecordStoreParts) {
    super();
    this.#graph = graph;
    this.#clock = clock;
    this.#namespace = namespace;
    this.#purgedAt = clock.monotonic();
  }

  override async get(scope: Scope, key: string): Promise<StoredRecord | undefined> {
    const id = recordId(this.#name(scope), checkedKey(key));
    const [row] = await this.#graph.read<Row>(GET, { id, now: this.#clock.now() });
    return row === undefined ? undefined : recordOf(row);
  }

  override async getMany(scope: Scope, keys: readonly string[]): Promise<readonly StoredRecord[]> {
    if (keys.length === 0) return [];
    const name = this.#name(scope);
    const ids = checkedKeys(keys).map((key) => recordId(name, key));
    const rows = await this.#graph.read<Row>(GET_MANY, { ids: [...new Set(ids)], now: this.#clock.now() });
    const found = new Map(rows.map((row) => [row.id, recordOf(row)]));
    return ids.flatMap((id) => found.get(id) ?? []);
  }

  override async put(scope: Scope, key: string, value: JsonValue, options?: PutOptions): Promise<number> {
    const [version = 0] = await this.#apply(scope, [{ kind: 'put', key, value, ...options }]);
    return version;
  }

  override async delete(scope: Scope, key: string, options?: { readonly ifVersion?: number }): Promise<boolean> {
    const [removed] = await this.#apply(scope, [{ kind: 'delete', key, ...options }]);
    return removed === 1;
  }

  override async list(scope: Scope, prefix: string, options: { readonly cursor?: string; readonly limit?: number } = {}): Promise<RecordPage> {
    const limit = checkedLimit(options.limit);
    const name = this.#name(scope);
    const after = options.cursor === undefined ? '' : recordId(name, options.cursor);
    const inline = MAX_PAGE_BYTES / MAX_PAGE;
    // One more than asked for tells whether there is another page.
    const rows = await this.#graph.read<Row>(PAGE, { ...idRange(name, checkedPrefix(prefix)), after, limit: limit + 1, inline, now: this.#clock.now() });
    const page = fitting(rows.slice(0, limit));
    const records = await this.#withValues(page);
    const last = page.at(-1);
    return { records, ...(page.length < rows.length && last !== undefined && { nextCursor: keyOfId(last.id) }) };
  }

  override async transact(scope: Scope, operations: readonly RecordOperation[]): Promise<void> {
    if (operations.length > 0) await this.#apply(scope, checkedOperations(operations));
  }

  override async clear(scope: Scope): Promise<void> {
    const range = idRange(this.#name(scope), '');
    const some = (): Promise<{ id: string }[]> => this.#graph.read<{ id: string }>(IDS, { ...range, limit: MAX_PAGE });
    for (let ids = await some(); ids.length > 0; ids = await some()) await this.#remove(ids, DELETE);
  }

  override async ping(): Promise<void> {
    await this.#graph.ping();
  }

  async #apply(scope: Scope, operations: readonly RecordOperation[]): Promise<readonly number[]> {
    const now = this.#clock.now();
    const name = this.#name(scope);
    const steps = operations.map((operation) => stepOf(operation, recordId(name, checkedKey(operation.key)), checkedJson, now));
    const results = await this.#graph.write((transaction) => applied(transaction, steps, now));
    await this.#purge(now);
    return results;
  }

  /** Removes records that have expired, now and then. What was asked for is done by then, so a failure is only told. */
  async #purge(now: number): Promise<void> {
    if (this.#clock.monotonic() - this.#purgedAt < PURGE_EVERY_MS) return;
    this.#purgedAt = this.#clock.monotonic();
    try {
      const ids = await this.#graph.read<{ id: string }>(EXPIRED, { now, limit: MAX_PAGE });
      if (ids.length > 0) await this.#remove(ids, DELETE_EXPIRED, now);
    } catch (error) {
      this.#logger.warn({ err: error }, 'expired records could not be removed; it is tried again in a minute');
    }
  }

  async #remove(rows: readonly { readonly id: string }[], statement: string, now = 0): Promise<void> {
    const ids = rows.map(({ id }) => id);
    await this.#graph.write(async (transaction) => {
      await hold(transaction, countersOf(ids, () => 0), [], now);
      await transaction.run(statement, { ids, now });
    });
  }

  async #withValues(rows: readonly Row[]): Promise<StoredRecord[]> {
    const large = rows.filter(({ json }) => json === null).map(({ id }) => id);
    const values = large.length === 0 ? [] : await this.#graph.read<Row>(VALUES, { ids: large });
    const byId = new Map(values.map((row) => [row.id, row]));
    // What was removed between the two look-ups is left out.
    return rows.map((row) => (row.json === null ? byId.get(row.id) : row)).filter((row) => row !== undefined).map(recordOf);
  }

  #name(scope: Scope): string {
    return this.#namespace + scopeName(scope);
  }
}

async function applied(transaction: Neo4jTransaction, steps: readonly RecordStep[], now: number): Promise<readonly number[]> {
  const ids = [...new Set(steps.map(({ id }) => id))];
  const writes = writesAnyway(steps);
  if (writes !== undefined && ids.length === steps.length) {
    const written = await transaction.run<{ id: string; version: number }>(PUT_ANYWAY, { puts: writes });
    const versions = new Map(written.map(({ id, version }) => [id, version]));
    return steps.map(({ id }) => versions.get(id) ?? 0);
  }
  const { live, last } = await hold(transaction, countersOfSteps(steps), ids, now);
  const { puts, deletes, results } = changesOf(steps, live, last);
  if (puts.length > 0) await transaction.run(PUT, { puts });
  if (deletes.length > 0) await transaction.run(DELETE, { ids: deletes });
  return results;
}

/** Takes counters until the transaction ends, and looks what there is of some records. */
async function hold(
  transaction: Neo4jTransaction,
  counters: readonly CounterUse[],
  ids: readonly string[],
  now: number,
): Promise<{ readonly live: ReadonlyMap<string, number>; readonly last: ReadonlyMap<number, number> }> {
  interface Held {
    readonly counters: readonly { readonly id: number; readonly last: number }[];
    readonly records: readonly { readonly id: string; readonly version: number }[];
  }
  const [held] = await transaction.run<Held>(HOLD, { counters, ids, now });
  return {
    live: new Map(held?.records.map(({ id, version }) => [id, version])),
    last: new Map(held?.counters.map(({ id, last }) => [id, last])),
  };
}

/** The rows from the first one on that fill a page; at least one. */
function fitting(rows: readonly Row[]): Row[] {
  let bytes = 0;
  const end = rows.findIndex((row) => {
    const full = bytes > MAX_PAGE_BYTES;
    bytes += row.bytes;
    return full;
  });
  return end === -1 ? [...rows] : rows.slice(0, end);
}

function recordOf({ id, json, version }: Row): StoredRecord {
  return { key: keyOfId(id), version, value: JSON.parse(json ?? 'null') as JsonValue };
}
