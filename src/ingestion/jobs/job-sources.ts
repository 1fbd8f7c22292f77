import { Injectable } from '@nestjs/common';
import type { Source } from '../ingestion.types.ts';
import type { Job, JobInput } from './job.types.ts';
import { UploadBlobs } from './upload-blobs.ts';

/** Turns what was uploaded for a job into sources. */
@Injectable()
export class JobSources {
  constructor(private readonly uploads: UploadBlobs) {}

  async *of(job: Job): AsyncGenerator<Source> {
    for (const input of job.inputs) yield input.kind === 'file' ? this.#file(input) : await this.#text(input);
  }

  #file(input: JobInput): Source {
    const { name, sizeBytes, blob, ...facts } = input;
    return { ...facts, kind: 'stream', name, sizeBytes, open: () => this.uploads.get(blob) };
  }

  /** Bare text was held in memory as it came, so it may be again. */
  async #text({ blob, name, title, externalId, metadata }: JobInput): Promise<Source> {
    const parts: Uint8Array[] = [];
    for await (const part of this.uploads.get(blob)) parts.push(part);
    return {
      kind: 'text',
      title: title ?? name,
      text: Buffer.concat(parts).toString(),
      ...(externalId === undefined ? {} : { externalId }),
      ...(metadata === undefined ? {} : { metadata }),
    };
  }
}
