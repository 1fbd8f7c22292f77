import { Inject, Injectable } from '@nestjs/common';
import type { MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { invalidRequest } from '../../common/http/invalid-request.ts';
import { RequestError } from '../../common/errors/request.errors.ts';
import { contentHash } from '../../common/hash/content-hash.ts';
import { SERVER_CONFIG, type ServerConfig } from '../../config/server.config.ts';
import type { JobInput } from '../jobs/job.types.ts';
import { UploadBlobs } from '../jobs/upload-blobs.ts';
import { cleanJson } from '../parsers/json-record.ts';
import { type TextRequest, textRequest, type UploadFields, uploadFields } from './documents.schemas.ts';
import { PartHeaders } from './part-headers.ts';
import type { Metadata } from '../../graph/graph.types.ts';

/** What a request brought; its bytes are stored. */
export interface Upload {
  readonly workspace: string | undefined;
  readonly inputs: readonly JobInput[];
}

/** Room for what stands around the files of a request. */
const ENVELOPE_BYTES = 1_000_000;

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}

/** Takes documents out of requests, files without holding them in memory. */
@Injectable()
export class UploadReader {
  constructor(
    private readonly blobs: UploadBlobs,
    @Inject(SERVER_CONFIG) private readonly config: ServerConfig,
  ) {}

  /** @throws RequestError `invalid-request`, `payload-too-large`, `unsupported-media-type`; then nothing stays stored */
  async read(request: FastifyRequest): Promise<Upload> {
    if (Number(request.headers['content-length'] ?? 0) > this.config.maxUploadBytes + ENVELOPE_BYTES) throw this.#tooLarge();
    return request.isMultipart() ? await this.#files(request) : await this.#text(request.body);
  }

  /** Removes what was stored for a request that is refused after all. */
  async discard(upload: Upload): Promise<void> {
    await this.blobs.delete(upload.inputs.map((input) => input.blob));
  }

  async #text(body: unknown): Promise<Upload> {
    const result = textRequest.safeParse(body);
    if (!result.success) throw invalidRequest(result.error.issues);
    const { workspace, text, title, externalId, metadata }: TextRequest = result.data;
    const stored = await this.blobs.put(once(text.toWellFormed()));
    const name = externalId ?? title;
    const facts = { title, externalId: externalId ?? contentHash('text', text), ...(metadata === undefined ? {} : { metadata: clean(metadata) }) };
    return { workspace, inputs: [{ kind: 'text', name, ...stored, ...facts }] };
  }

  async #files(request: FastifyRequest): Promise<Upload> {
    const inputs: JobInput[] = [];
    const fields: Record<string, unknown> = {};
    const meter = { left: this.config.maxUploadBytes };
    const headers = watchHeaders(request);
    try {
      for await (const part of request.parts()) {
        if (part.type === 'file') inputs.push(await this.#store(part, headers.contentTypes[inputs.length] ?? part.mimetype, meter));
        else fields[part.fieldname] = part.value;
      }
      return complete(fields, inputs);
    } catch (error) {
      await this.discard({ workspace: undefined, inputs });
      throw error;
    }
  }

  async #store(part: MultipartFile, contentType: string, meter: { left: number }): Promise<JobInput> {
    const stored = await this.blobs.put(this.#measured(part, meter));
    return { kind: 'file', name: part.filename === '' ? 'upload' : part.filename, contentType, ...stored };
  }

  async *#measured(part: MultipartFile, meter: { left: number }): AsyncGenerator<Uint8Array> {
    for await (const bytes of part.file as AsyncIterable<Uint8Array>) {
      meter.left -= bytes.length;
      if (meter.left < 0) throw this.#tooLarge();
      yield bytes;
    }
    if (part.file.truncated) throw this.#tooLarge();
  }

  #tooLarge(): RequestError {
    const limit = this.config.maxUploadBytes / 1_000_000;
    return new RequestError('payload-too-large', `The request holds more than ${String(limit)} MB.`, {
      remedy: 'Send fewer or smaller files, raise MAX_UPLOAD_MB, or ingest them on the command line.',
      details: { limitMegabytes: limit },
    });
  }
}

function watchHeaders(request: FastifyRequest): PartHeaders {
  const headers = new PartHeaders(request.headers['content-type'] ?? '');
  request.raw.on('data', (bytes: Uint8Array) => { headers.push(bytes); });
  // Listening starts the flow; the parser is not there yet.
  request.raw.pause();
  return headers;
}

function clean(metadata: NonNullable<TextRequest['metadata']>): Metadata {
  return cleanJson(metadata) as Metadata;
}

function complete(given: Record<string, unknown>, inputs: readonly JobInput[]): Upload {
  const result = uploadFields.safeParse(given);
  if (!result.success) throw invalidRequest(result.error.issues);
  if (inputs.length === 0) throw invalidRequest([{ path: [], message: 'no file was sent' }]);
  const { workspace, ...facts }: UploadFields = result.data;
  if (Object.keys(facts).length === 0) return { workspace, inputs };
  const [input, ...others] = inputs;
  if (input === undefined || others.length > 0) {
    throw invalidRequest([{ path: [], message: 'title, externalId and metadata go with a single file only' }]);
  }
  const { metadata, ...names } = facts;
  const known = Object.fromEntries(Object.entries(names).filter(([, value]) => value !== undefined));
  return { workspace, inputs: [{ ...input, ...known, ...(metadata === undefined ? {} : { metadata: clean(metadata) }) }] };
}
