import { Command, Option } from 'nest-commander';
import { ChatService } from '../../chat/chat.service.ts';
import type { ChatAnswer } from '../../chat/chat.types.ts';
import { Applications } from '../applications.ts';
import { Interruption } from '../interruption.ts';
import { describeCitations } from '../output/passages.ts';
import { wrap } from '../output/table.ts';
import { Terminal } from '../output/terminal.ts';
import { requireWorkspace } from '../workspaces.ts';
import { WorkspaceCommand, type WorkspaceOptions, wholeNumber } from './data-folder.command.ts';

interface AskOptions extends WorkspaceOptions {
  readonly topK?: number;
  readonly session?: string;
}

/** Who asks, as sessions record it. */
const SUBJECT = 'command-line';

@Command({ name: 'ask', arguments: '<question>', description: 'answer a question from the documents, with its sources' })
export class AskCommand extends WorkspaceCommand {
  constructor(
    private readonly applications: Applications,
    private readonly interruption: Interruption,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  @Option({ flags: '--top-k <number>', description: 'passages the answer may use, 1 to 100 (default: 8)' })
  parseTopK(value: string): number {
    return wholeNumber('--top-k', value, { min: 1, max: 100 });
  }

  @Option({ flags: '--session <id>', description: 'go on with an earlier conversation' })
  parseSession(value: string): string {
    return value;
  }

  override async run([message = '']: string[], options: AskOptions): Promise<void> {
    await this.applications.use({ DATA_DIR: options.dataDir }, async (app) => {
      const workspace = await requireWorkspace(app, options.workspace);
      const { topK = 8, session } = options;
      const answer = await app.get(ChatService, { strict: false }).ask({
        workspace,
        subject: SUBJECT,
        message,
        topK,
        signal: this.interruption.signal,
        ...(session === undefined ? {} : { sessionId: session }),
      });
      for (const warning of answer.warnings ?? []) this.terminal.note(warning);
      if (options.json === true) this.terminal.json(answer);
      else this.terminal.print(this.describe(answer));
    });
  }

  private describe(answer: ChatAnswer): string {
    const { width } = this.terminal;
    const parts = [wrap(answer.answer, width)];
    if (answer.citations.length > 0) parts.push(`Sources\n${describeCitations(answer.citations, width)}`);
    if (answer.mode === 'extractive') parts.push('(No chat model is configured: the answer is made of sentences of the documents.)');
    return parts.join('\n\n');
  }
}
