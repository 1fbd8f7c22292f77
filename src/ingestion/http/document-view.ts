import type { DocumentRecord } from '../../graph/graph.types.ts';

/** A document in the shape of the wire. */
export type DocumentView = Pick<DocumentRecord, 'id' | 'externalId' | 'title' | 'mediaType' | 'status' | 'chunks' | 'metadata' | 'updatedAt'>;

export function documentView({ id, externalId, title, mediaType, status, chunks, metadata, updatedAt }: DocumentRecord): DocumentView {
  return { id, externalId, title, mediaType, status, chunks, metadata, updatedAt };
}

/** A header that makes a browser save a file under its name, whatever stands in it (RFC 6266). */
export function attachmentNamed(name: string): string {
  const last = name.split(/[/\\]/u).at(-1) ?? '';
  const safe = last.replace(/[^\w.-]+/g, '_').slice(0, 100);
  const encoded = encodeURIComponent(last.slice(0, 200).toWellFormed()).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${safe === '' ? 'document' : safe}"; filename*=UTF-8''${encoded}`;
}
