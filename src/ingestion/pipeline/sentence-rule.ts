import type { IngestionConfig } from '../../config/ingestion.config.ts';

/** Up to so many sentences one vector stands well for a passage. */
const ONE_VECTOR_SENTENCES = 8;

/**
 * Whether a passage's sentences get vectors of their own, which cost the embedder the passage's text once more and a title each. With
 * `auto` only where one vector cannot stand for the whole: short passages of one matter gain nothing from it.
 */
export function wantsSentenceVectors(setting: IngestionConfig['sentenceVectors'], sentences: number): boolean {
  if (setting === 'auto') return sentences > ONE_VECTOR_SENTENCES;
  return setting === 'on';
}
