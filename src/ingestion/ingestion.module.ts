import { Module } from '@nestjs/common';
import { ClockModule } from '../common/clock/clock.module.ts';
import { EmbeddingModule } from '../embedding/embedding.module.ts';
import { GraphModule } from '../graph/graph.module.ts';
import { ModelsModule } from '../models/models.module.ts';
import { StorageModule } from '../storage/storage.module.ts';
import { ModelExtractor } from './adapters/model-extractor.adapter.ts';
import { RulesExtractor } from './adapters/rules-extractor.adapter.ts';
import { ExtractionJournal } from './extraction-journal.service.ts';
import { DocumentConverter } from './conversion/document-converter.service.ts';
import { DocumentService } from './document.service.ts';
import { IngestEstimator } from './ingest-estimate.service.ts';
import { IngestionService } from './ingestion.service.ts';
import { ChunkCounter } from './pipeline/chunk-counter.ts';
import { ChunkLookUp } from './pipeline/chunk-look-up.ts';
import { ConvertedReader } from './pipeline/converted-reader.ts';
import { DocumentBlobs } from './pipeline/document-blobs.ts';
import { DocumentStager } from './pipeline/document-stager.ts';
import { ExtractorChoice } from './pipeline/extractor-choice.ts';
import { PassageStager } from './pipeline/passage-stager.ts';
import { PassageVectors } from './pipeline/passage-vectors.ts';
import { ReindexParts, ReindexService } from './reindex.service.ts';
import { RecordListReader } from './pipeline/record-list-reader.ts';
import { SourceReader } from './pipeline/source-reader.ts';
import { TextReader } from './pipeline/text-reader.ts';
import { EntityResolver } from './resolution/entity-resolver.service.ts';
import { ModelJudge } from './resolution/model-judge.service.ts';
import { NamesakeResolver } from './resolution/namesake-resolver.service.ts';
import { ResolutionRecords } from './resolution/resolution-records.ts';
import { ResolutionService, Resolvers } from './resolution/resolution.service.ts';
import { WorkspaceUpkeep } from './pipeline/workspace-upkeep.ts';

/** Reading documents into workspaces, without anything that runs by itself: what commands need. */
@Module({
  imports: [ClockModule, EmbeddingModule, GraphModule, ModelsModule, StorageModule],
  providers: [
    ChunkCounter,
    ChunkLookUp,
    ConvertedReader,
    DocumentBlobs,
    DocumentConverter,
    DocumentService,
    DocumentStager,
    EntityResolver,
    ExtractionJournal,
    ExtractorChoice,
    IngestEstimator,
    IngestionService,
    ModelExtractor,
    ModelJudge,
    NamesakeResolver,
    PassageStager,
    PassageVectors,
    RecordListReader,
    ReindexParts,
    ReindexService,
    ResolutionRecords,
    ResolutionService,
    Resolvers,
    RulesExtractor,
    SourceReader,
    TextReader,
    WorkspaceUpkeep,
  ],
  exports: [IngestEstimator, IngestionService, ReindexService, ResolutionService, DocumentService],
})
export class IngestionModule {}
