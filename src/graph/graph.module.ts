import { Module, type Provider, type Type } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { ClockModule } from '../common/clock/clock.module.ts';
import { ConfigError } from '../config/config.errors.ts';
import { STORE_CONFIG, type StoreConfig } from '../config/store.config.ts';
import { StorageModule } from '../storage/storage.module.ts';
import { SharedSigns } from './adapters/sqlite/shared-signs.ts';
import { SqliteDocumentWriter } from './adapters/sqlite/sqlite-document-writer.ts';
import { SqliteGraphFiles } from './adapters/sqlite/sqlite-graph-files.ts';
import { SqliteKnowledgeGraph } from './adapters/sqlite/sqlite-knowledge-graph.ts';
import { SqlitePassageIndex } from './adapters/sqlite/sqlite-passage-index.ts';
import { SqliteProgramRunner } from './adapters/sqlite/sqlite-program-runner.ts';
import { SqliteWorkspaceStore } from './adapters/sqlite/sqlite-workspace-store.ts';
import { DocumentWriter } from './document-writer.port.ts';
import { GraphHealth } from './graph.health.ts';
import { WorkspacesController } from './http/workspaces.controller.ts';
import { KnowledgeGraph } from './knowledge-graph.port.ts';
import { PassageIndex } from './passage-index.port.ts';
import { ProgramRunner } from './program-runner.port.ts';
import { WorkspaceAccess } from './workspace-access.service.ts';
import { WorkspaceStore } from './workspace-store.port.ts';
import { WorkspaceService } from './workspace.service.ts';

/** Stands for a port with the adapter that STORE names. */
function adapter<T>(port: abstract new (...args: never[]) => T, sqlite: Type<T>): Provider {
  return {
    provide: port,
    inject: [STORE_CONFIG, sqlite],
    useFactory: (config: StoreConfig, embedded: T): T => {
      if (config.kind === 'sqlite') return embedded;
      throw new ConfigError([{ variable: 'STORE', fault: `names ${config.kind}, which this version does not bring yet; leave it out` }]);
    },
  };
}

@Module({
  imports: [ClockModule, StorageModule, TerminusModule],
  controllers: [WorkspacesController],
  providers: [
    SharedSigns,
    SqliteGraphFiles,
    SqliteWorkspaceStore,
    SqliteDocumentWriter,
    SqlitePassageIndex,
    SqliteKnowledgeGraph,
    SqliteProgramRunner,
    adapter(WorkspaceStore, SqliteWorkspaceStore),
    adapter(DocumentWriter, SqliteDocumentWriter),
    adapter(PassageIndex, SqlitePassageIndex),
    adapter(KnowledgeGraph, SqliteKnowledgeGraph),
    adapter(ProgramRunner, SqliteProgramRunner),
    WorkspaceAccess,
    WorkspaceService,
    GraphHealth,
  ],
  exports: [WorkspaceStore, DocumentWriter, PassageIndex, KnowledgeGraph, ProgramRunner, WorkspaceAccess, WorkspaceService, GraphHealth],
})
export class GraphModule {}
