import { Inject, Injectable } from '@nestjs/common';
import { INGESTION_CONFIG, type IngestionConfig } from '../../config/ingestion.config.ts';
import { MODELS_CONFIG, type ModelsConfig } from '../../config/models.config.ts';
import { FileExtractor, loadExtractions } from '../adapters/extractions-file.adapter.ts';
import { ModelExtractor } from '../adapters/model-extractor.adapter.ts';
import { RulesExtractor } from '../adapters/rules-extractor.adapter.ts';
import type { Extractor } from '../extractor.port.ts';
import type { IngestRequest } from '../ingestion.types.ts';

/** Chooses how an ingestion extracts: as asked, as configured, else by a model if there is one, else by rules. */
@Injectable()
export class ExtractorChoice {
  constructor(
    private readonly rules: RulesExtractor,
    private readonly model: ModelExtractor,
    @Inject(INGESTION_CONFIG) private readonly ingestion: IngestionConfig,
    @Inject(MODELS_CONFIG) private readonly models: ModelsConfig,
  ) {}

  /**
   * @param warn told of what is malformed in a file of extractions
   * @throws ModelError `model-not-configured`; IngestionError as `loadExtractions` does
   */
  async of(request: Pick<IngestRequest, 'extractionsFile' | 'extractor'>, warn: (message: string) => void): Promise<Extractor> {
    const usual = this.#usual(request.extractor);
    if (request.extractionsFile === undefined) return usual;
    return new FileExtractor(await loadExtractions(request.extractionsFile, warn), usual);
  }

  #usual(asked: 'rules' | 'model' | undefined): Extractor {
    const kind = asked ?? this.ingestion.extractor ?? (this.models.extractionModel === undefined ? 'rules' : 'model');
    if (kind === 'rules') return this.rules;
    this.model.assertConfigured();
    return this.model;
  }
}
