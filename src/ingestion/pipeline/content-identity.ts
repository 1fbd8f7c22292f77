import { contentHash } from '../../common/hash/content-hash.ts';
import type { Metadata } from '../../graph/graph.types.ts';
import { CHUNKER_VERSION } from '../chunking/chunk.types.ts';
import { TEXT_PARSERS } from '../parsers/choose-parser.ts';

/** Extraction by rules never replaces a better one. */
export const RULES = 'rules';

/** What makes the content of a document what it is. */
export interface ContentFacts {
  /** Digest of the bytes. */
  readonly digest: string;
  /** What its title and format were derived from. */
  readonly name: string;
  readonly title: string;
  readonly contentType: string;
  readonly metadata: Metadata;
  readonly maxTokens: number;
}

const VERSIONS = TEXT_PARSERS.map((parser) => `${parser.format}.${String(parser.version)}`).join(',');

/**
 * The content hash of a document: what it says and how it is cut, then, behind a dash, the way it was extracted from.
 * @param extraction kind of the extractor
 */
export function contentIdentity(facts: ContentFacts, extraction: string): string {
  const { digest, name, title, contentType, metadata, maxTokens } = facts;
  const cut = `${VERSIONS};${String(CHUNKER_VERSION)};${String(maxTokens)}`;
  return `${contentHash(digest, name, title, contentType, JSON.stringify(metadata), cut)}-${extraction}`;
}

/** The content hash of the same content, extracted from in another way. */
export function asExtractedBy(identity: string, extraction: string): string {
  return `${split(identity)[0]}-${extraction}`;
}

/** The content hash of a document of which only the first part was taken. */
export function asCutOff(identity: string): string {
  return `part.${identity}`;
}

/** The way the content was extracted from. */
export function extractionOf(identity: string): string {
  return split(identity)[1];
}

/** How a document of the store compares with one that is to be read. */
export type Comparison = 'same' | 'same-text' | 'same-extraction' | 'different';

function split(identity: string): [text: string, extraction: string] {
  const dash = identity.indexOf('-');
  return [identity.slice(0, dash), identity.slice(dash + 1)];
}

/** @param known what the store has, if it has the document */
export function compareContent(known: string | undefined, wanted: string): Comparison {
  if (known === undefined) return 'different';
  const [text, extraction] = split(known);
  const [wantedText, wantedExtraction] = split(wanted);
  const keeps = extraction === wantedExtraction || wantedExtraction === RULES;
  if (text === wantedText) return keeps ? 'same' : 'same-text';
  return keeps ? 'same-extraction' : 'different';
}
