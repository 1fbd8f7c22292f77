import { abortable } from '../common/concurrency/abortable.ts';
import type { WorkspaceRef } from './graph.types.ts';
import type { KnowledgeGraph } from './knowledge-graph.port.ts';
import { type Answering, type LookUpProgram, type ProgramRef, replyTo } from './look-ups.types.ts';
import type { PassageIndex } from './passage-index.port.ts';
import { ProgramRunner, type RunOptions } from './program-runner.port.ts';

/** Runs programs in this thread over the ports themselves, a call a look-up: for stores that are reached over a network, and for fakes. */
export class PortProgramRunner extends ProgramRunner {
  readonly #index: PassageIndex;
  readonly #graph: KnowledgeGraph;

  constructor(index: PassageIndex, graph: KnowledgeGraph) {
    super();
    this.#index = index;
    this.#graph = graph;
  }

  override async run<Input, Answer>(workspace: WorkspaceRef, program: ProgramRef<Input, Answer>, input: Input, { signal }: RunOptions = {}): Promise<Answer> {
    signal?.throwIfAborted();
    const module = (await import(program.module.href)) as Readonly<Record<string, (input: Input) => LookUpProgram<Answer>>>;
    const start = module[program.name];
    if (start === undefined) throw new Error(`There is no program ${program.name}.`);
    const answers = this.#answering(workspace, signal);
    const running = start(input);
    let step = running.next();
    while (step.done !== true) {
      step = running.next(await abortable(Promise.resolve(replyTo(step.value, answers)), signal));
    }
    return step.value;
  }

  #answering(workspace: WorkspaceRef, signal: AbortSignal | undefined): Answering {
    const [index, graph] = [this.#index, this.#graph];
    return {
      searchText: (query) => index.searchText(workspace, query, signal),
      termCounts: (query) => index.termCounts(workspace, query, signal),
      searchVectors: (query) => index.searchVectors(workspace, query, signal),
      ties: ({ keys }) => index.ties(workspace, keys),
      namesIn: (query) => graph.namesIn(workspace, query, signal),
      hop: (query) => graph.hop(workspace, query, signal),
      passages: ({ keys }) => index.passages(workspace, keys),
      labels: async ({ keys }) => [...(await index.labels(workspace, keys))],
    };
  }
}
