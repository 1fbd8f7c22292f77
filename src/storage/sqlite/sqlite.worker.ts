/*
 * A store thread: node:sqlite is synchronous, so it never runs on the main thread. Opens files on demand, keeps the most recently
 * used ones open and runs one operation after the other.
 */
import { existsSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { OperationFault } from './operation-fault.errors.ts';
import type { SqliteContext, SqliteFailure, SqliteModule, SqliteReply, SqliteRequest } from './sqlite-protocol.types.ts';

interface OpenFile {
  readonly context: SqliteContext;
  readonly close: () => void;
}

const MAX_OPEN_FILES = 24;
const BUSY_TIMEOUT_MS = 5000;
const { writer } = workerData as { readonly writer: boolean };
const open = new Map<string, OpenFile>();

function openFile(request: SqliteRequest, module: SqliteModule): OpenFile {
  const db = new DatabaseSync(request.file, { timeout: BUSY_TIMEOUT_MS });
  try {
    prepareFile(db, module);
  } catch (error) {
    db.close();
    throw error;
  }
  const statements = new Map<string, StatementSync>();
  const sql = (text: string): StatementSync => {
    const known = statements.get(text);
    if (known !== undefined) return known;
    const made = db.prepare(text);
    statements.set(text, made);
    return made;
  };
  return {
    context: { db, sql, memory: new Map() },
    close: () => {
      statements.clear();
      db.close();
    },
  };
}

function prepareFile(db: DatabaseSync, module: SqliteModule): void {
  db.exec('pragma temp_store = memory; pragma cache_size = -16000;');
  if (writer) {
    // An index in the making touches pages all over the file: a larger cache, and a checkpoint only after 32 MB of log, write each
    // of them less often.
    db.exec('pragma journal_mode = wal; pragma synchronous = full; pragma journal_size_limit = 67108864;');
    db.exec('pragma cache_size = -64000; pragma wal_autocheckpoint = 8000;');
    module.migrate?.(db);
  } else {
    db.exec('pragma query_only = 1');
    if (module.isCurrent?.(db) === false) throw new OperationFault('file-older', 'The file has an older layout.');
  }
}

function closeOldest(): void {
  const oldest = open.keys().next();
  if (oldest.done === true) return;
  open.get(oldest.value)?.close();
  open.delete(oldest.value);
}

/** Whether a file is asked for that is not there, or no longer. */
function isMissing(request: SqliteRequest): boolean {
  return request.operation !== 'close' && !request.create && !existsSync(request.file);
}

/** A file that is gone is not kept open. */
function missing(request: SqliteRequest): OperationFault {
  open.get(request.file)?.close();
  open.delete(request.file);
  return new OperationFault('file-missing', 'The file of this store does not exist (any longer).');
}

function fileOf(request: SqliteRequest, module: SqliteModule): OpenFile {
  if (isMissing(request)) throw missing(request);
  const known = open.get(request.file);
  open.delete(request.file);
  if (known === undefined && open.size >= MAX_OPEN_FILES) closeOldest();
  const file = known ?? openFile(request, module);
  open.set(request.file, file);
  return file;
}

async function run(request: SqliteRequest): Promise<unknown> {
  if (request.operation === 'close') {
    open.get(request.file)?.close();
    return open.delete(request.file);
  }
  const module = (await import(request.moduleUrl)) as SqliteModule;
  const operation = module[request.operation];
  if (typeof operation !== 'function') throw new OperationFault('operation-unknown', `There is no operation ${request.operation}.`);
  const { context } = fileOf(request, module);
  try {
    const call = request.shared === undefined ? context : { ...context, shared: request.shared };
    return await (operation as (context: SqliteContext, input: unknown) => unknown)(call, request.input);
  } catch (error) {
    if (context.db.isTransaction) context.db.exec('rollback');
    throw error;
  }
}

function failureOf(error: unknown): SqliteFailure {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), stack: undefined, sqliteCode: undefined, faultCode: undefined };
  const { errcode } = error as { errcode?: number };
  return {
    name: error.name,
    message: error.message,
    stack: error.stack,
    // The lower byte is the primary result code; the rest tells details.
    sqliteCode: errcode === undefined ? undefined : errcode & 0xff,
    faultCode: error instanceof OperationFault ? error.faultCode : undefined,
  };
}

async function answer(request: SqliteRequest): Promise<void> {
  let reply: SqliteReply;
  try {
    reply = { id: request.id, value: await run(request) };
  } catch (error) {
    // Another process may remove a file while it is opened or read: whatever SQLite makes of that, the file is gone.
    reply = { id: request.id, failure: failureOf(isMissing(request) ? missing(request) : error) };
  }
  parentPort?.postMessage(reply);
}

let previous = Promise.resolve();
parentPort?.on('message', (request: SqliteRequest | 'stop') => {
  if (request === 'stop') {
    void previous.then(() => {
      for (const file of open.values()) file.close();
      parentPort?.close();
    });
    return;
  }
  previous = previous.then(() => answer(request));
});
