import { Module, type Provider, type Type } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { ClockModule } from '../common/clock/clock.module.ts';
import { STORE_CONFIG, type StoreConfig } from '../config/store.config.ts';
import { StorageModule } from '../storage/storage.module.ts';
import { Neo4jDocumentWriter } from './adapters/neo4j/neo4j-document-writer.ts';
import { Neo4jGraph } from './adapters/neo4j/neo4j-graph.service.ts';
import { Neo4jKnowledgeGraph } from './adapters/neo4j/neo4j-knowledge-graph.ts';
import { Neo4jPassageIndex } from './adapters/neo4j/neo4j-passage-index.ts';
import { Neo4jProgramRunner } from './adapters/neo4j/neo4j-program-runner.ts';
import { Neo4jStoredEntities } from './adapters/neo4j/neo4j-stored-entities.ts';
import { Neo4jStoredPassages } from './adapters/neo4j/neo4j-stored-passages.ts';
import { Neo4jWorkspaceStore } from './adapters/neo4j/neo4j-workspace-store.ts';
import { SharedSigns } from './adapters/sqlite/shared-signs.ts';
import { SqliteDocumentWriter } from './adapters/sqlite/sqlite-document-writer.ts';
import { SqliteGraphFiles } from './adapters/sqlite/sqlite-graph-files.ts';
import { SqliteKnowledgeGraph } from './adapters/sqlite/sqlite-knowledge-graph.ts';
import { SqlitePassageIndex } from './adapters/sqlite/sqlite-passage-index.ts';
import { SqliteProgramRunner } from './adapters/sqlite/sqlite-program-runner.ts';
import { SqliteStoredEntities } from './adapters/sqlite/sqlite-stored-entities.ts';
import { SqliteStoredPassages } from './adapters/sqlite/sqlite-stored-passages.ts';
import { SqliteWorkspaceStore } from './adapters/sqlite/sqlite-workspace-store.ts';
import { DocumentWriter } from './document-writer.port.ts';
import { GraphHealth } from './graph.health.ts';
import { WorkspacesController } from './http/workspaces.controller.ts';
import { KnowledgeGraph } from './knowledge-graph.port.ts';
import { PassageIndex } from './passage-index.port.ts';
import { ProgramRunner } from './program-runner.port.ts';
import { StoredEntities } from './stored-entities.port.ts';
import { StoredPassages } from './stored-passages.port.ts';
import { WorkspaceAccess } from './workspace-access.service.ts';
import { WorkspaceStore } from './workspace-store.port.ts';
import { WorkspaceService } from './workspace.service.ts';

/** Stands for a port with the adapter that STORE names. */
function adapter<T>(port: abstract new (...args: never[]) => T, sqlite: Type<T>, neo4j: Type<T>): Provider {
  return {
    provide: port,
    inject: [STORE_CONFIG, sqlite, neo4j],
    useFactory: ({ kind }: StoreConfig, embedded: T, server: T): T => (kind === 'sqlite' ? embedded : server),
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
    SqliteStoredEntities,
    SqliteStoredPassages,
    Neo4jGraph,
    Neo4jWorkspaceStore,
    Neo4jDocumentWriter,
    Neo4jPassageIndex,
    Neo4jKnowledgeGraph,
    Neo4jProgramRunner,
    Neo4jStoredEntities,
    Neo4jStoredPassages,
    adapter(WorkspaceStore, SqliteWorkspaceStore, Neo4jWorkspaceStore),
    adapter(DocumentWriter, SqliteDocumentWriter, Neo4jDocumentWriter),
    adapter(PassageIndex, SqlitePassageIndex, Neo4jPassageIndex),
    adapter(KnowledgeGraph, SqliteKnowledgeGraph, Neo4jKnowledgeGraph),
    adapter(ProgramRunner, SqliteProgramRunner, Neo4jProgramRunner),
    adapter(StoredEntities, SqliteStoredEntities, Neo4jStoredEntities),
    adapter(StoredPassages, SqliteStoredPassages, Neo4jStoredPassages),
    WorkspaceAccess,
    WorkspaceService,
    GraphHealth,
  ],
  exports: [WorkspaceStore, DocumentWriter, PassageIndex, KnowledgeGraph, ProgramRunner, StoredEntities, StoredPassages, WorkspaceAccess, WorkspaceService, GraphHealth],
})
export class GraphModule {}
