import type { INestApplicationContext } from '@nestjs/common';
import { GraphError } from '../graph/graph.errors.ts';
import type { DocumentRecord, Workspace } from '../graph/graph.types.ts';
import { PassageIndex } from '../graph/passage-index.port.ts';

const PAGE = 1000;

/** All documents of a workspace, by name. */
export async function allDocuments(app: INestApplicationContext, workspace: Workspace): Promise<DocumentRecord[]> {
  const index = app.get(PassageIndex, { strict: false });
  const documents: DocumentRecord[] = [];
  let cursor: string | undefined;
  do {
    const page = await index.documents(workspace, { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    documents.push(...page.documents);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return documents;
}

/**
 * The id of a document that is given by its name in the workspace, or by its id.
 * @throws GraphError `document-not-found`
 */
export async function requireDocument(app: INestApplicationContext, workspace: Workspace, name: string): Promise<string> {
  const index = app.get(PassageIndex, { strict: false });
  const { documents } = await index.documents(workspace, { limit: 1, filter: { externalIds: [name] } });
  const [named] = documents;
  if (named !== undefined) return named.id;
  try {
    return (await index.document(workspace, name)).id;
  } catch (error) {
    if (!(error instanceof GraphError) || error.code !== 'document-not-found') throw error;
    throw new GraphError('document-not-found', `There is no document "${name.slice(0, 200)}" in this workspace.`, {
      remedy: 'See what there is with `graphrag-chat documents list`.',
    });
  }
}
