import type { BlockKind } from '../document-parser.port.ts';

/** Formats whose bytes are no plain text, or not text as a person reads it. */
export type BinaryFormat = 'pdf' | 'docx' | 'xlsx' | 'pptx' | 'html' | 'json-turns';

/** A stretch of a document as a reader finds it, before the document's text is put together from them. */
export interface ReadBlock {
  readonly kind: BlockKind;
  readonly text: string;
  /** Of a heading: 1 to 6. */
  readonly level?: number;
  /** Page or slide, from 1. */
  readonly page?: number;
  /** Row of a sheet, from 1. */
  readonly row?: number;
  readonly speaker?: string;
  /** In a recording, in seconds. */
  readonly timeSeconds?: number;
}

/** What a reader tells of a document beside its blocks. */
export interface ReadFacts {
  readonly title?: string | undefined;
}

/** Bounds of a conversion, so that a hostile file costs only itself. */
export interface ConversionLimits {
  readonly maxPages: number;
  /** Of an archive, unpacked. */
  readonly maxUnpackedBytes: number;
}

/** Reads one format. Runs in a worker thread: no Nest, erasable syntax, relative imports that end in `.ts`. */
export type FormatReader = (bytes: Uint8Array, limits: ConversionLimits) => AsyncGenerator<ReadBlock, ReadFacts>;

/** Why a document cannot be read; the code is one of IngestionError. */
export interface ConversionFault {
  readonly code: 'document-encrypted' | 'document-malformed' | 'document-limit' | 'document-no-text';
  readonly message: string;
  readonly remedy?: string | undefined;
}

/** What the main thread says to a worker. */
export type ConversionRequest = { readonly kind: 'convert'; readonly format: BinaryFormat; readonly bytes: Uint8Array; readonly limits: ConversionLimits } | { readonly kind: 'more' };

/** What a worker says. */
export type ConversionReply =
  | { readonly kind: 'blocks'; readonly blocks: readonly ReadBlock[] }
  | { readonly kind: 'done'; readonly facts: ReadFacts }
  | { readonly kind: 'fault'; readonly fault: ConversionFault };
