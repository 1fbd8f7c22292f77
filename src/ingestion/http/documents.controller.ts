import { Readable } from 'node:stream';
import { Controller, Delete, Get, Header, HttpCode, HttpStatus, Param, Post, Query, Req, StreamableFile } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CurrentCaller } from '../../auth/current-caller.decorator.ts';
import { Requires } from '../../auth/requires.decorator.ts';
import type { Caller } from '../../common/http/principal.types.ts';
import { WorkspaceAccess } from '../../graph/workspace-access.service.ts';
import { DocumentService } from '../document.service.ts';
import { JobService } from '../job.service.ts';
import { attachmentNamed, type DocumentView, documentView } from './document-view.ts';
import { type ListQuery, listQuery, type WorkspaceQuery, workspaceQuery } from './documents.schemas.ts';
import { UploadReader } from './upload-reader.ts';

@Controller('documents')
export class DocumentsController {
  constructor(
    private readonly documents: DocumentService,
    private readonly jobs: JobService,
    private readonly uploads: UploadReader,
    private readonly access: WorkspaceAccess,
  ) {}

  /** Multipart files, or one text as JSON. The workspace is a field of the body, or the query's. */
  @Post()
  @HttpCode(HttpStatus.ACCEPTED)
  @Requires('write')
  async add(@CurrentCaller() caller: Caller, @Req() request: FastifyRequest, @Query({ schema: workspaceQuery }) query: WorkspaceQuery): Promise<{ jobId: string }> {
    // Known before the body is read, a wrong workspace spares the upload.
    const named = query.workspace === undefined ? undefined : await this.access.resolve(caller, query.workspace);
    const upload = await this.uploads.read(request);
    try {
      const workspace = named ?? (await this.access.resolve(caller, upload.workspace));
      return { jobId: (await this.jobs.create(workspace, upload.inputs)).id };
    } catch (error) {
      await this.uploads.discard(upload);
      throw error;
    }
  }

  @Get()
  @Requires('read')
  async list(
    @CurrentCaller() caller: Caller,
    @Query({ schema: listQuery }) { workspace, cursor, limit }: ListQuery,
  ): Promise<{ documents: DocumentView[]; nextCursor?: string }> {
    const page = await this.documents.list(await this.access.resolve(caller, workspace), { limit, ...(cursor === undefined ? {} : { cursor }) });
    return { documents: page.documents.map(documentView), ...(page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor }) };
  }

  @Get(':id')
  @Requires('read')
  async get(@CurrentCaller() caller: Caller, @Param('id') id: string, @Query({ schema: workspaceQuery }) query: WorkspaceQuery): Promise<DocumentView> {
    return documentView(await this.documents.get(await this.access.resolve(caller, query.workspace), id));
  }

  @Delete(':id')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Requires('write')
  async delete(@CurrentCaller() caller: Caller, @Param('id') id: string, @Query({ schema: workspaceQuery }) query: WorkspaceQuery): Promise<void> {
    await this.documents.delete(await this.access.resolve(caller, query.workspace), id);
  }

  @Get(':id/text')
  @Requires('read')
  @Header('x-content-type-options', 'nosniff')
  async text(@CurrentCaller() caller: Caller, @Param('id') id: string, @Query({ schema: workspaceQuery }) query: WorkspaceQuery): Promise<StreamableFile> {
    const workspace = await this.access.resolve(caller, query.workspace);
    const document = await this.documents.get(workspace, id);
    const bytes = Readable.from(this.documents.text(workspace, document), { objectMode: false });
    return new StreamableFile(bytes, { type: 'text/plain; charset=utf-8', length: document.text.end - document.text.start });
  }

  /** As a download only: what someone uploaded never runs as a page of the service. */
  @Get(':id/original')
  @Requires('read')
  @Header('x-content-type-options', 'nosniff')
  @Header('content-security-policy', "sandbox; default-src 'none'")
  async original(@CurrentCaller() caller: Caller, @Param('id') id: string, @Query({ schema: workspaceQuery }) query: WorkspaceQuery): Promise<StreamableFile> {
    const workspace = await this.access.resolve(caller, query.workspace);
    const document = await this.documents.get(workspace, id);
    const bytes = Readable.from(this.documents.original(workspace, document), { objectMode: false });
    const { start, end } = document.original;
    return new StreamableFile(bytes, { type: document.mediaType, disposition: attachmentNamed(document.externalId), length: end - start });
  }
}
