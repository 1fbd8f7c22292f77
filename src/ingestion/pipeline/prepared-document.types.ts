import type { DocumentInput, Extraction } from '../../graph/graph.types.ts';
import type { Chunk } from '../chunking/chunk.types.ts';
import type { SourceReport } from './ingest-reporter.ts';

/** A document that is new or changed, its bytes stored, ready to be cut. */
export interface PreparedDocument {
  readonly input: DocumentInput;
  readonly report: SourceReport;
  /** Line of its record, if the source is a list of records. */
  readonly line?: number;
  /** False when chunks the store knows are to be extracted anew, because it is done in another way now. */
  readonly trustKnown: boolean;
  /** What is known of entities and relations in it, so that nobody is asked. */
  readonly extraction?: Extraction | undefined;
  /** Its chunks, from the first on with each call. Throws IngestionError when the text cannot be read. */
  readonly chunks: () => AsyncIterable<Chunk>;
}
