import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { Gate } from '../../../common/concurrency/gate.ts';
import { SERVER_CONFIG, type ServerConfig } from '../../../config/server.config.ts';
import { OperationFault } from '../../../storage/sqlite/operation-fault.errors.ts';
import { operationsModule, type SqliteCall, SqlitePool } from '../../../storage/sqlite-pool.service.ts';
import { GraphError, type GraphErrorCode } from '../../graph.errors.ts';
import type { WorkspaceRef } from '../../graph.types.ts';
import { type AdvanceSigns, SharedSigns } from './shared-signs.ts';

/** The modules of operations on a workspace's file. */
export type OperationsFile = 'stage' | 'maintenance' | 'publish' | 'search' | 'vector' | 'walk' | 'read' | 'picture' | 'entities' | 'program';

/** An operation with what it is called with. */
export interface FileOperation {
  readonly module: OperationsFile;
  readonly operation: string;
  readonly input?: unknown;
  readonly signal?: AbortSignal | undefined;
  /** Whether it searches vectors: then it gets the index that all threads share. */
  readonly vectors?: boolean;
}

/** Runs operations on workspaces' files and translates their faults. */
@Injectable()
export class SqliteGraphFiles {
  readonly #pool: SqlitePool;
  readonly #folder: string;
  /** Writes to one file wait for each other, since a change may take several steps. */
  readonly #writing = new Map<string, Gate>();
  /** Files that are being removed: no thread may open one any more. */
  readonly #going = new Set<string>();

  constructor(
    pool: SqlitePool,
    @Inject(SERVER_CONFIG) config: ServerConfig,
    private readonly signs: SharedSigns,
  ) {
    this.#pool = pool;
    this.#folder = resolve(config.dataDir, 'workspaces');
  }

  /** @throws GraphError, StorageError */
  async read<T>(workspace: WorkspaceRef, call: FileOperation): Promise<T> {
    return await this.#translated(workspace, async () => {
      const shared = call.vectors === true ? await this.#sharedSigns(workspace, call.signal) : undefined;
      const attempt = (): Promise<T> => this.#pool.read<T>({ ...this.#call(workspace, call), ...(shared === undefined ? {} : { shared }) });
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof OperationFault && error.faultCode === 'file-older')) throw error;
        // The writer brings a file to the newest layout when it opens it.
        await this.#pool.write(this.#call(workspace, { module: 'read', operation: 'stats' }));
        return await attempt();
      }
    });
  }

  /** @throws GraphError, StorageError */
  async write<T>(workspace: WorkspaceRef, call: FileOperation): Promise<T> {
    return await this.exclusively(workspace, (write) => write<T>(call));
  }

  /** Runs several writes with no other write of this process to the file between them. */
  async exclusively<T>(workspace: WorkspaceRef, work: (write: <R>(call: FileOperation) => Promise<R>) => Promise<T>): Promise<T> {
    const gate = this.#writing.get(workspace.uid) ?? new Gate(1);
    this.#writing.set(workspace.uid, gate);
    return await gate.run(() =>
      this.#translated(workspace, async () => await work(async <R>(call: FileOperation) => await this.#pool.write<R>(this.#call(workspace, call)))),
    );
  }

  async create(workspace: WorkspaceRef): Promise<void> {
    await this.#pool.write({ ...this.#call(workspace, { module: 'read', operation: 'stats' }), create: true });
  }

  /** Calls that came before are answered, later ones find no workspace. */
  async remove(workspace: WorkspaceRef): Promise<void> {
    const file = this.#file(workspace);
    this.#going.add(file);
    try {
      this.signs.drop(workspace.uid);
      await this.#pool.closeFile(file);
      // The file itself first: who opened it without its log would find it empty or damaged.
      for (const suffix of ['', '-wal', '-shm']) await rm(`${file}${suffix}`, { force: true });
    } finally {
      this.#going.delete(file);
      this.#writing.delete(workspace.uid);
    }
  }

  #sharedSigns(workspace: WorkspaceRef, signal: AbortSignal | undefined): Promise<SharedArrayBuffer | undefined> {
    const advance: AdvanceSigns = (memory) => this.#pool.read(this.#call(workspace, { module: 'vector', operation: 'advanceSigns', input: { memory } }));
    return this.signs.ready({ uid: workspace.uid, advance, signal });
  }

  #file(workspace: WorkspaceRef): string {
    return resolve(this.#folder, `${workspace.uid}.sqlite`);
  }

  #call(workspace: WorkspaceRef, call: FileOperation): SqliteCall {
    const file = this.#file(workspace);
    if (this.#going.has(file)) throw new OperationFault('file-missing', 'The file of this store is being removed.');
    return {
      file,
      module: operationsModule(`./${call.module}.ops`, import.meta.url),
      operation: call.operation,
      input: call.input,
      ...(call.signal === undefined ? {} : { signal: call.signal }),
    };
  }

  async #translated<T>(workspace: WorkspaceRef, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw error instanceof OperationFault ? graphErrorOf(error, workspace) : error;
    }
  }
}

const FAULTS: Readonly<Record<string, { readonly code: GraphErrorCode; readonly remedy: string; readonly retryable?: boolean }>> = {
  'file-missing': { code: 'workspace-not-found', remedy: 'List the workspaces you may use; this one was dropped.' },
  'generation-not-open': { code: 'generation-not-open', remedy: 'Ingest the document again.', retryable: true },
  'change-lost': { code: 'generation-not-open', remedy: 'Ingest the document again.', retryable: true },
  'embedding-dimension-mismatch': {
    code: 'embedding-dimension-mismatch',
    remedy: 'Set the embedding model the workspace was made with, or run `reindex` to make its vectors anew.',
  },
};

function graphErrorOf(fault: OperationFault, workspace: WorkspaceRef): Error {
  const known = FAULTS[fault.faultCode];
  if (known === undefined) return fault;
  const message = fault.faultCode === 'file-missing' ? 'The workspace does not exist any longer.' : fault.message;
  return new GraphError(known.code, message, { remedy: known.remedy, retryable: known.retryable ?? false, cause: fault, details: { workspace: workspace.uid } });
}
