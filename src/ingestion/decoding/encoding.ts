import { IngestionError } from '../ingestion.errors.ts';

/** How the bytes of a text are to be read. */
export interface Encoding {
  /** A label of the WHATWG Encoding Standard, e.g. `utf-8`, `utf-16le`, `windows-1252`. */
  readonly label: string;
  /** Bytes of the byte order mark in front of the text. */
  readonly bomBytes: number;
  /** Whether nobody said so and UTF-8 is a guess. */
  readonly guessed: boolean;
}

const BOMS: readonly (readonly [label: string, bytes: readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** Formats that are no text and begin with these characters. */
const MAGIC: readonly (readonly [name: string, start: string])[] = [
  ['a PDF file', '%PDF-'],
  ['a ZIP archive (or an office document)', 'PK\u0003\u0004'],
  ['a gzip archive', '\u001f\u008b'],
  ['a PNG image', '\u0089PNG'],
  ['a JPEG image', '\u00ff\u00d8\u00ff'],
  ['a GIF image', 'GIF8'],
];

const CHARSET = /;\s*charset\s*=\s*"?([^\s";]+)/i;

/**
 * Decides how to read bytes: a byte order mark wins, then the charset that the sender declared, else UTF-8.
 * @param head the first bytes, at least four if there are as many
 * @param contentType as declared, e.g. `text/plain; charset=iso-8859-1`
 * @throws IngestionError `document-format-unknown`, `document-encoding` for a charset that does not exist
 */
export function encodingOf(head: Uint8Array, contentType?: string): Encoding {
  refuseKnownBinary(head);
  for (const [label, bytes] of BOMS) {
    if (bytes.every((byte, i) => head[i] === byte)) return { label, bomBytes: bytes.length, guessed: false };
  }
  const declared = CHARSET.exec(contentType ?? '')?.[1];
  if (declared === undefined) return { label: 'utf-8', bomBytes: 0, guessed: true };
  return { label: knownLabel(declared), bomBytes: 0, guessed: false };
}

function refuseKnownBinary(head: Uint8Array): void {
  const start = String.fromCharCode(...head.subarray(0, 8));
  const found = MAGIC.find(([, magic]) => start.startsWith(magic));
  if (found === undefined) return;
  throw new IngestionError('document-format-unknown', `This is ${found[0]}, and no text.`, {
    remedy: 'Give a text, or a PDF, Word, Excel, PowerPoint or HTML file.',
  });
}

function knownLabel(declared: string): string {
  try {
    return new TextDecoder(declared).encoding;
  } catch (error) {
    throw new IngestionError('document-encoding', `The declared charset "${declared.slice(0, 40)}" is not known.`, {
      remedy: 'Declare one of the Encoding Standard, such as utf-8, utf-16le or iso-8859-1, or save the file as UTF-8.',
      cause: error,
    });
  }
}
