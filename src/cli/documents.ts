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
 * The ids of documents that are given by their names in the workspace, or by their ids; each once.
 * @throws GraphError `document-not-found`
 */
export async function requireDocuments(app: INestApplicationContext, workspace: Workspace, names: readonly string[]): Promise<string[]> {
  const index = app.get(PassageIndex, { strict: false });
  const found = new Set<string>();
  for (let i = 0; i < names.length; i += PAGE) {
    const some = names.slice(i, i + PAGE);
    const { documents: named } = await index.documents(workspace, { limit: PAGE, filter: { externalIds: some } });
    const byName = new Map(named.map(({ externalId, id }) => [externalId, id]));
    const others = some.filter((name) => !byName.has(name));
    const { documents } = others.length === 0 ? { documents: [] } : await index.documents(workspace, { limit: PAGE, filter: { documentIds: others } });
    const ids = new Set(documents.map(({ id }) => id));
    for (const name of some) {
      const id = byName.get(name) ?? (ids.has(name) ? name : undefined);
      if (id === undefined) throw noDocument(name);
      found.add(id);
    }
  }
  return [...found];
}

function noDocument(name: string): GraphError {
  return new GraphError('document-not-found', `There is no document "${name.slice(0, 200)}" in this workspace.`, {
    remedy: 'See what there is with `graphrag-chat documents list`.',
  });
}
