import type { BlobRange } from '../../graph/graph.types.ts';
import type { Conversion } from '../conversion/formats.ts';
import type { Block, TextSample } from '../document-parser.port.ts';
import type { SourceReport } from './ingest-reporter.ts';
import type { SourceFacts } from './source-bytes.ts';

/** A source that can be read more than once. */
export interface OpenSource {
  /** Bytes. */
  readonly size: number;
  readonly bytes: () => AsyncIterable<Uint8Array>;
  /** Where its bytes lie already, and their digest. */
  readonly stored?: { readonly key: string; readonly digest: string };
}

/** What is known of a text before it is read whole. */
export interface TextAbout {
  readonly facts: SourceFacts;
  readonly sample: TextSample;
  readonly report: SourceReport;
  /** How it is read when it is not taken as the text it is. */
  readonly conversion: Conversion | undefined;
}

/** A source's bytes as they are stored. */
export interface StoredOriginal {
  readonly key: string;
  readonly size: number;
  readonly digest: string;
}

/** What was read of a document. */
export interface ReadDocument {
  readonly text: BlobRange;
  readonly mediaType: string;
  /** What the document calls itself. */
  readonly title: string | undefined;
  /** Its blocks, from the first on with each call. */
  readonly blocks: () => AsyncIterable<Block>;
}
