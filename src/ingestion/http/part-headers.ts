/** Headers of a part are never longer, in bytes; behind that the scan gives up. */
const MAX_HEADER_BYTES = 16_384;

const BOUNDARY = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i;
const FILE = /^content-disposition:[^\r\n]*;\s*filename\*?=/im;
const TYPE = /^content-type:[ \t]*([^\r\n]*)/im;

/**
 * Reads the declared content types of the files of a multipart body from the bytes as they pass: the parser hands on the media type
 * alone, and the charset that may stand behind it decides how a text is read. Memory does not grow with the body.
 */
export class PartHeaders {
  /** As declared, in the order of the files. */
  readonly contentTypes: string[] = [];
  readonly #delimiter: string;
  #rest = '\r\n';
  #inHeader = false;
  #over: boolean;

  /** @param contentType of the whole body */
  constructor(contentType: string) {
    const match = BOUNDARY.exec(contentType);
    const boundary = match?.[1] ?? match?.[2];
    this.#delimiter = `\r\n--${boundary ?? ''}`;
    this.#over = boundary === undefined;
  }

  push(bytes: Uint8Array): void {
    if (this.#over) return;
    this.#rest += Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    while (this.#step());
  }

  /** Whether there may be more to find in what is there. */
  #step(): boolean {
    return this.#inHeader ? this.#header() : this.#body();
  }

  #body(): boolean {
    const at = this.#rest.indexOf(this.#delimiter);
    if (at === -1) {
      this.#rest = this.#rest.slice(-this.#delimiter.length);
      return false;
    }
    this.#rest = this.#rest.slice(at + this.#delimiter.length);
    this.#inHeader = true;
    return true;
  }

  #header(): boolean {
    const end = this.#rest.indexOf('\r\n\r\n');
    if (end === -1) {
      this.#over = this.#rest.startsWith('--') || this.#rest.length > MAX_HEADER_BYTES;
      return false;
    }
    const header = this.#rest.slice(0, end);
    if (FILE.test(header)) this.contentTypes.push(TYPE.exec(header)?.[1]?.trim() ?? '');
    this.#rest = this.#rest.slice(end + 2);
    this.#inHeader = false;
    return true;
  }
}
