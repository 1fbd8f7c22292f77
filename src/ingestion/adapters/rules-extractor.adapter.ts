import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock/clock.port.ts';
import type { Extraction } from '../../graph/graph.types.ts';
import { type ExtractionChunk, type ExtractionContext, Extractor } from '../extractor.port.ts';
import { RULES } from '../pipeline/content-identity.ts';
import { Pacer } from '../pipeline/pacer.ts';
import { extractByRules } from './extraction/rules.ts';

/**
 * Extracts without a model: names are runs of capitalised words, titles and speakers; a relation is the phrase between two names of
 * a sentence.
 */
@Injectable()
export class RulesExtractor extends Extractor {
  // It is all work of this thread, so more calls at once would only hold more memory.
  override readonly pace = { chunksPerCall: 500, callsAtOnce: 1, workers: 1 };
  override readonly promptTokens = 0;

  constructor(private readonly clock: Clock) {
    super();
  }

  override kindOf(): string {
    return RULES;
  }

  override journalKeyOf(): undefined {
    return undefined;
  }

  override async extract(chunks: readonly ExtractionChunk[], context: ExtractionContext): Promise<Extraction[]> {
    const pacer = new Pacer(this.clock);
    const out: Extraction[] = [];
    for (const chunk of chunks) {
      if (pacer.due) await pacer.rest();
      context.signal?.throwIfAborted();
      out.push(extractByRules(chunk));
    }
    return out;
  }
}
