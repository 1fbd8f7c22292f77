import { Injectable } from '@nestjs/common';
import type { WorkspaceRef } from '../../graph.types.ts';
import type { ProgramRef } from '../../look-ups.types.ts';
import { PortProgramRunner } from '../../port-program-runner.ts';
import { ProgramRunner, type RunOptions } from '../../program-runner.port.ts';
import { Neo4jKnowledgeGraph } from './neo4j-knowledge-graph.ts';
import { Neo4jPassageIndex } from './neo4j-passage-index.ts';

/** Runs programs over the ports, a statement a look-up, and none for what an earlier look-up of the same run has told. */
@Injectable()
export class Neo4jProgramRunner extends ProgramRunner {
  constructor(
    private readonly index: Neo4jPassageIndex,
    private readonly graph: Neo4jKnowledgeGraph,
  ) {
    super();
  }

  override async run<Input, Answer>(workspace: WorkspaceRef, program: ProgramRef<Input, Answer>, input: Input, options?: RunOptions): Promise<Answer> {
    const memory = this.index.newMemory();
    return await new PortProgramRunner(this.index.within(memory), this.graph.within(memory)).run(workspace, program, input, options);
  }
}
