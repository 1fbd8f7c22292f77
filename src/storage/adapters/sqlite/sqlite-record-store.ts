import { Logger, type OnModuleInit } from '@nestjs/common';
import type { Clock } from '../../../common/clock/clock.port.ts';
import { checkedJson, checkedKey, checkedKeys, checkedLimit, checkedOperations, checkedPrefix } from '../../record-checks.ts';
import { type PutOptions, type RecordPage, RecordStore } from '../../record-store.port.ts';
import { OperationFault } from '../../sqlite/operation-fault.errors.ts';
import { StorageError } from '../../storage.errors.ts';
import { type JsonValue, type RecordOperation, type Scope, scopeName, type StoredRecord } from '../../storage.types.ts';
import type { ListInput, RecordRow, RecordStep, RowPage, StepsInput } from './records.types.ts';

const OPERATIONS = new URL(import.meta.url.endsWith('.ts') ? './records.ops.ts' : './records.ops.js', import.meta.url);

/** The part of SqlitePool that the record store needs. */
export interface RecordThreads {
  write(call: RecordCall): Promise<unknown>;
  read(call: RecordCall): Promise<unknown>;
}

interface RecordCall {
  readonly file: string;
  readonly module: URL;
  readonly operation: string;
  readonly input: unknown;
  readonly create?: boolean;
  readonly writer?: 'records';
}

/** What the record store works with. */
export interface RecordStoreParts {
  readonly threads: RecordThreads;
  readonly clock: Clock;
  /** Path of the database file. */
  readonly file: string;
  /** Resolves when the folder of the file is ready. */
  readonly folderReady: () => Promise<void>;
  /** Runs work that makes room on the disk, see DiskReserve. */
  readonly freeing: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Records in one SQLite file. */
export class SqliteRecordStore extends RecordStore implements OnModuleInit {
  readonly #logger = new Logger(SqliteRecordStore.name);
  readonly #parts: RecordStoreParts;

  constructor(parts: RecordStoreParts) {
    super();
    this.#parts = parts;
  }

  /** Opens the file. What may pass by itself does not stop the start; a file of a newer version or a damaged one does. */
  async onModuleInit(): Promise<void> {
    await this.#parts.folderReady();
    try {
      await this.#parts.freeing(() => this.ping());
    } catch (error) {
      if (!isPassing(error)) throw error;
      this.#logger.error({ err: error }, 'the record store is away; it is tried again with every call');
    }
  }

  override async get(scope: Scope, key: string): Promise<StoredRecord | undefined> {
    const input = { scope: scopeName(scope), key: checkedKey(key), now: this.#parts.clock.now() };
    const row = (await this.#read('get', input)) as RecordRow | undefined;
    return row === undefined ? undefined : recordOf(row);
  }

  override async getMany(scope: Scope, keys: readonly string[]): Promise<readonly StoredRecord[]> {
    if (keys.length === 0) return [];
    const input = { scope: scopeName(scope), keys: checkedKeys(keys), now: this.#parts.clock.now() };
    return ((await this.#read('getMany', input)) as RecordRow[]).map(recordOf);
  }

  override async put(scope: Scope, key: string, value: JsonValue, options?: PutOptions): Promise<number> {
    const [version = 0] = await this.#apply(scope, [{ kind: 'put', key, value, ...options }]);
    return version;
  }

  override async delete(scope: Scope, key: string, options?: { readonly ifVersion?: number }): Promise<boolean> {
    const [removed] = await this.#parts.freeing(() => this.#apply(scope, [{ kind: 'delete', key, ...options }]));
    return removed === 1;
  }

  override async list(scope: Scope, prefix: string, options: { readonly cursor?: string; readonly limit?: number } = {}): Promise<RecordPage> {
    const input: ListInput = {
      scope: scopeName(scope),
      prefix: checkedPrefix(prefix),
      after: options.cursor ?? '',
      limit: checkedLimit(options.limit),
      now: this.#parts.clock.now(),
    };
    const { rows, more } = (await this.#read('list', input)) as RowPage;
    const last = rows.at(-1);
    return { records: rows.map(recordOf), ...(more && last !== undefined && { nextCursor: last.key }) };
  }

  override async transact(scope: Scope, operations: readonly RecordOperation[]): Promise<void> {
    if (operations.length > 0) await this.#apply(scope, checkedOperations(operations));
  }

  override async clear(scope: Scope): Promise<void> {
    await this.#parts.freeing(() => this.#write('clear', { scope: scopeName(scope) }));
  }

  override async ping(): Promise<void> {
    await this.#write('ping', undefined);
  }

  async #apply(scope: Scope, operations: readonly RecordOperation[]): Promise<number[]> {
    const now = this.#parts.clock.now();
    const input: StepsInput = { scope: scopeName(scope), now, steps: operations.map((operation) => stepOf(operation, now)) };
    return (await this.#write('apply', input)) as number[];
  }

  async #write(operation: string, input: unknown): Promise<unknown> {
    try {
      return await this.#parts.threads.write({ ...this.#call(operation, input), writer: 'records', create: true });
    } catch (error) {
      throw translated(error);
    }
  }

  async #read(operation: string, input: unknown): Promise<unknown> {
    try {
      return await this.#parts.threads.read(this.#call(operation, input));
    } catch (error) {
      if (!(error instanceof OperationFault) || error.faultCode !== 'file-missing') throw translated(error);
    }
    // The store was away when it should have been made.
    await this.ping();
    return await this.#parts.threads.read(this.#call(operation, input));
  }

  #call(operation: string, input: unknown): RecordCall {
    return { file: this.#parts.file, module: OPERATIONS, operation, input };
  }
}

function stepOf(operation: RecordOperation, now: number): RecordStep {
  const { key, ifVersion } = operation;
  if (operation.kind === 'delete') return { key: checkedKey(key), ifVersion };
  const expiresAt = operation.ttlMs === undefined ? undefined : now + Math.ceil(operation.ttlMs);
  return { key: checkedKey(key), ifVersion, json: checkedJson(operation.value), expiresAt };
}

function recordOf({ key, json, version }: RecordRow): StoredRecord {
  return { key, version, value: JSON.parse(json) as JsonValue };
}

function translated(error: unknown): unknown {
  if (!(error instanceof OperationFault) || error.faultCode !== 'record-conflict') return error;
  return new StorageError('record-conflict', error.message, { remedy: 'Read the record again and repeat the change on what it holds now.', cause: error });
}

function isPassing(error: unknown): boolean {
  return error instanceof StorageError && (error.retryable || error.code === 'disk-full');
}
