import { contentHash } from '../common/hash/content-hash.ts';

/** A document's id: it depends on the workspace's uid and the document's name in it, never on its content. */
export function documentIdOf(workspaceUid: string, externalId: string): string {
  return contentHash('document', workspaceUid, externalId);
}

/**
 * A chunk's id: it depends on what the chunk says and not on where in the document it stands, so an unchanged chunk keeps its id.
 * @param nth how many chunks of the same title and text stand before it in the document
 */
export function chunkIdOf(documentId: string, title: string, text: string, nth: number): string {
  return contentHash('chunk', documentId, title, text, String(nth));
}
