import { Module } from '@nestjs/common';
import { ClockModule } from '../common/clock/clock.module.ts';
import { EmbeddingModule } from '../embedding/embedding.module.ts';
import { GraphModule } from '../graph/graph.module.ts';
import { ModelsModule } from '../models/models.module.ts';
import { StorageModule } from '../storage/storage.module.ts';
import { ModelExtractor } from './adapters/model-extractor.adapter.ts';
import { RulesExtractor } from './adapters/rules-extractor.adapter.ts';
import { DocumentService } from './document.service.ts';
import { IngestionService } from './ingestion.service.ts';
import { DocumentBlobs } from './pipeline/document-blobs.ts';
import { DocumentStager } from './pipeline/document-stager.ts';
import { ExtractorChoice } from './pipeline/extractor-choice.ts';
import { PassageStager } from './pipeline/passage-stager.ts';
import { PassageVectors } from './pipeline/passage-vectors.ts';
import { RecordListReader } from './pipeline/record-list-reader.ts';
import { SourceReader } from './pipeline/source-reader.ts';
import { TextReader } from './pipeline/text-reader.ts';
import { WorkspaceUpkeep } from './pipeline/workspace-upkeep.ts';

/** Reading documents into workspaces, without anything that runs by itself: what commands need. */
@Module({
  imports: [ClockModule, EmbeddingModule, GraphModule, ModelsModule, StorageModule],
  providers: [
    DocumentBlobs,
    DocumentService,
    DocumentStager,
    ExtractorChoice,
    IngestionService,
    ModelExtractor,
    PassageStager,
    PassageVectors,
    RecordListReader,
    RulesExtractor,
    SourceReader,
    TextReader,
    WorkspaceUpkeep,
  ],
  exports: [IngestionService, DocumentService],
})
export class IngestionModule {}
