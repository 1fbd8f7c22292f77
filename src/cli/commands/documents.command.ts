import { Command, SubCommand } from 'nest-commander';
import type { DocumentRecord } from '../../graph/graph.types.ts';
import { DocumentService } from '../../ingestion/document.service.ts';
import { Applications } from '../applications.ts';
import { allDocuments, requireDocuments } from '../documents.ts';
import { formatTable } from '../output/table.ts';
import { Terminal } from '../output/terminal.ts';
import { requireWorkspace } from '../workspaces.ts';
import { WorkspaceCommand, type WorkspaceOptions } from './data-folder.command.ts';
import { GroupCommand } from './group.command.ts';

/** A document as it is listed, in the shape of the wire. */
function toView({ id, externalId, title, mediaType, status, chunks, metadata, updatedAt }: DocumentRecord): Record<string, unknown> {
  return { id, externalId, title, mediaType, status, chunks, metadata, updatedAt };
}

@SubCommand({ name: 'list', description: 'list the documents of a workspace' })
export class DocumentsListCommand extends WorkspaceCommand {
  constructor(
    private readonly applications: Applications,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run(_args: string[], options: WorkspaceOptions): Promise<void> {
    await this.applications.use({ DATA_DIR: options.dataDir }, async (app) => {
      const workspace = await requireWorkspace(app, options.workspace);
      const documents = await allDocuments(app, workspace);
      if (options.json === true) this.terminal.json({ documents: documents.map(toView) });
      else this.terminal.print(documents.length === 0 ? 'There is no document yet.' : this.table(documents));
    });
  }

  private table(documents: readonly DocumentRecord[]): string {
    return formatTable(documents, [
      { title: 'id', value: (row) => row.id },
      { title: 'document', value: (row) => row.externalId },
      { title: 'title', value: (row) => row.title.slice(0, 60) },
      { title: 'status', value: (row) => row.status },
      { title: 'chunks', value: (row) => row.chunks, align: 'right' },
      { title: 'changed', value: (row) => row.updatedAt },
    ]);
  }
}

@SubCommand({ name: 'delete', arguments: '<document...>', description: 'remove documents, by id or by name' })
export class DocumentsDeleteCommand extends WorkspaceCommand {
  constructor(
    private readonly applications: Applications,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run(names: string[], options: WorkspaceOptions): Promise<void> {
    await this.applications.use({ DATA_DIR: options.dataDir }, async (app) => {
      const workspace = await requireWorkspace(app, options.workspace);
      const service = app.get(DocumentService, { strict: false });
      const deleted = await requireDocuments(app, workspace, names);
      await service.deleteAll(workspace, deleted);
      if (options.json === true) this.terminal.json({ deleted });
      else this.terminal.print(`Removed ${String(deleted.length)} document(s).`);
    });
  }
}

@Command({ name: 'documents', description: 'list and remove documents', subCommands: [DocumentsListCommand, DocumentsDeleteCommand] })
export class DocumentsCommand extends GroupCommand {}
