/**
 * What a block is. `code` and `table` keep their lines apart; a `turn` is what one person says in one go. The blocks of a document
 * cover all of its text but white space, in order and without overlap.
 */
export type BlockKind = 'heading' | 'paragraph' | 'list-item' | 'code' | 'table' | 'turn';

/** A stretch of a document's text that belongs together; at most 64K UTF-16 units, longer ones come in several. */
export interface Block {
  readonly kind: BlockKind;
  /** Literally the document's text from `start` to `end`, beginning and ending with something else than white space. */
  readonly text: string;
  /** Offset in UTF-16 code units of the document's text. */
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** Line on which it starts, from 1. */
  readonly line: number;
  /** The white space between the block before and this one; absent when there is too much of it to keep. */
  readonly lead?: string;
  /** True when it continues the block before, which had grown too long. */
  readonly continues?: boolean;
  /** Of a heading: 1 to 6. */
  readonly level?: number;
  /** Of a heading: its text without markup. */
  readonly title?: string;
  /** Of a turn: who speaks. */
  readonly speaker?: string;
  /** Of a turn: when it starts in the recording, in seconds. */
  readonly timeSeconds?: number;
  /** From 1, where the format has pages. */
  readonly page?: number;
  /** From 1, where the format has rows. */
  readonly row?: number;
}

/** What is known of a text before it is parsed. */
export interface TextSample {
  /** The first characters, at most 64K; not cut inside a line unless it is the only one. */
  readonly text: string;
  /** The source's base name, in lower case. */
  readonly name: string;
}

/** Longest stretch, in UTF-16 code units, that a parser holds or hands out at once. */
export const MAX_BLOCK_UNITS = 65_536;

/** Cuts a document's text into blocks. Stateless: one instance parses many documents at once. */
export abstract class DocumentParser {
  /** Names the format, e.g. `markdown`. */
  abstract readonly format: string;

  /** Grows when blocks come out differently, so that documents are read again. */
  abstract readonly version: number;

  /** Media type of documents of this format. */
  abstract readonly mediaType: string;

  /** How sure it is that a text is of its format, 0 to 1, by content first and the name as a hint. */
  abstract confidence(sample: TextSample): number;

  /** The title the text gives itself, if it stands in the sample. */
  abstract titleOf(sample: TextSample): string | undefined;

  /**
   * The blocks of a text, in order, with exact offsets; memory does not grow with its length. Errors of the text's source pass
   * through; an aborted signal rejects with its reason.
   * @param text the decoded text, in parts that do not end inside a surrogate pair
   */
  abstract parse(text: AsyncIterable<string>, signal?: AbortSignal): AsyncIterable<Block>;
}
