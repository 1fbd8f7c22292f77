import { contentHash } from '../../../common/hash/content-hash.ts';

/** Letters a text may have to be the key of an index, which takes some 8,000 bytes. */
const LONGEST_NORM = 600;
const LONGEST_TOKEN = 200;

/** On every node of a workspace. */
export function workspaceLabel(uid: string): string {
  return `W_${uid}`;
}

/** On what may be found: visible chunks, and the vectors of their sentences. The workspace's own indexes are over this label. */
export function searchableLabel(uid: string): string {
  return `S_${uid}`;
}

export function textIndexName(uid: string): string {
  return `graphrag_text_${uid}`;
}

export function vectorIndexName(uid: string): string {
  return `graphrag_vector_${uid}`;
}

/** A name as it is stored: a very long one is cut, and a hash tells it from others that begin alike. */
export function storedNorm(norm: string): string {
  return cut(norm, LONGEST_NORM);
}

/** A word or stem as it is stored and as the text index has it. */
export function storedToken(token: string): string {
  return cut(token, LONGEST_TOKEN);
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 32)}${contentHash(text)}`;
}
