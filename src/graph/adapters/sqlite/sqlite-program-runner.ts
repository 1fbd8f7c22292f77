import { Injectable } from '@nestjs/common';
import type { WorkspaceRef } from '../../graph.types.ts';
import type { ProgramRef } from '../../look-ups.types.ts';
import { ProgramRunner, type RunOptions } from '../../program-runner.port.ts';
import type { ProgramInput } from './program.ops.ts';
import { SqliteGraphFiles } from './sqlite-graph-files.ts';

/** Runs a program inside a reader thread: one crossing a run. */
@Injectable()
export class SqliteProgramRunner extends ProgramRunner {
  constructor(private readonly files: SqliteGraphFiles) {
    super();
  }

  override async run<Input, Answer>(workspace: WorkspaceRef, program: ProgramRef<Input, Answer>, input: Input, options: RunOptions = {}): Promise<Answer> {
    const call: ProgramInput = { moduleUrl: program.module.href, name: program.name, input };
    return await this.files.read(workspace, { module: 'program', operation: 'runProgram', input: call, signal: options.signal, vectors: options.searchesVectors ?? false });
  }
}
