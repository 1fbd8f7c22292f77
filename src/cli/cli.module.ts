import { type DynamicModule, Module } from '@nestjs/common';
import { type CommandRunner, InjectCommander } from 'nest-commander';
import { Applications } from './applications.ts';
import { Benchmarks } from './bench/benchmarks.ts';
import { ChatBenchmark } from './bench/chat.benchmark.ts';
import { GraphFetchBenchmark } from './bench/graph-fetch.benchmark.ts';
import { GrowBenchmark } from './bench/grow/grow.benchmark.ts';
import { IngestBenchmark } from './bench/ingest.benchmark.ts';
import { MarginalCosts } from './bench/marginal-cost.ts';
import { RetrieveBenchmark } from './bench/retrieve.benchmark.ts';
import { AskCommand } from './commands/ask.command.ts';
import { AuthCommand, AuthResetCommand } from './commands/auth.command.ts';
import { BenchCommand } from './commands/bench.command.ts';
import { DoctorCommand } from './commands/doctor.command.ts';
import { DocumentsCommand, DocumentsDeleteCommand, DocumentsListCommand } from './commands/documents.command.ts';
import { EvalCommand, EvalRetrievalCommand } from './commands/eval.command.ts';
import { GraphCommand, GraphExportCommand } from './commands/graph.command.ts';
import { IngestCommand } from './commands/ingest.command.ts';
import { KeysCommand, KeysCreateCommand, KeysListCommand, KeysRevokeCommand } from './commands/keys.command.ts';
import { ReindexCommand } from './commands/reindex.command.ts';
import { ResolveCommand } from './commands/resolve.command.ts';
import { RetrieveCommand } from './commands/retrieve.command.ts';
import { ServeCommand } from './commands/serve.command.ts';
import { UsageCommand } from './commands/usage.command.ts';
import { WorkspacesCommand, WorkspacesCreateCommand, WorkspacesDeleteCommand, WorkspacesListCommand } from './commands/workspaces.command.ts';
import { DataFolderInspector } from './doctor/data-folder-state.ts';
import { EvaluationService } from './evaluation/evaluation.service.ts';
import { ThrowAwayIndexes } from './evaluation/throw-away-index.ts';
import { Interruption } from './interruption.ts';
import { Terminal } from './output/terminal.ts';

/** The commands, in the order in which `--help` lists them. */
const COMMANDS = [
  ServeCommand,
  IngestCommand,
  AskCommand,
  RetrieveCommand,
  ReindexCommand,
  ResolveCommand,
  DocumentsCommand,
  DocumentsListCommand,
  DocumentsDeleteCommand,
  WorkspacesCommand,
  WorkspacesListCommand,
  WorkspacesCreateCommand,
  WorkspacesDeleteCommand,
  KeysCommand,
  KeysCreateCommand,
  KeysListCommand,
  KeysRevokeCommand,
  AuthCommand,
  AuthResetCommand,
  GraphCommand,
  GraphExportCommand,
  UsageCommand,
  DoctorCommand,
  EvalCommand,
  EvalRetrievalCommand,
  BenchCommand,
];

/** The command line: commands and what they share, without any connection. */
@Module({})
export class CliModule {
  constructor(@InjectCommander() program: Parameters<CommandRunner['setCommand']>[0]) {
    // Else it takes the name of the file that Node runs.
    program.name('graphrag-chat').showHelpAfterError('(see --help)');
  }

  static with(interruption: Interruption): DynamicModule {
    return {
      module: CliModule,
      providers: [
        { provide: Interruption, useValue: interruption },
        Applications,
        Benchmarks,
        ChatBenchmark,
        DataFolderInspector,
        EvaluationService,
        GraphFetchBenchmark,
        GrowBenchmark,
        IngestBenchmark,
        MarginalCosts,
        RetrieveBenchmark,
        Terminal,
        ThrowAwayIndexes,
        ...COMMANDS,
      ],
    };
  }
}
