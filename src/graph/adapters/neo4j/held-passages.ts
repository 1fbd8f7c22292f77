import type { PassageAnalysis } from '../../../common/text/analysis.ts';
import type { Extraction } from '../../graph.types.ts';

/** What publishing needs of a staged chunk and the process that staged it knows already. */
export interface HeldPassage {
  readonly analysis: PassageAnalysis;
  readonly extraction: Extraction | undefined;
}

/** More are read and analysed again when they are published. */
const HELD = 4000;

/** Analyses of staged chunks, kept until their generation is published or abandoned. */
export class HeldPassages {
  readonly #byGeneration = new Map<string, Map<number, HeldPassage>>();
  #count = 0;

  keep(generation: string, ordinal: number, passage: HeldPassage): void {
    if (this.#count >= HELD) return;
    const chunks = this.#byGeneration.get(generation) ?? new Map<number, HeldPassage>();
    this.#byGeneration.set(generation, chunks);
    if (!chunks.has(ordinal)) this.#count += 1;
    chunks.set(ordinal, passage);
  }

  get(generation: string, ordinal: number): HeldPassage | undefined {
    return this.#byGeneration.get(generation)?.get(ordinal);
  }

  forget(generations: readonly string[]): void {
    for (const generation of generations) {
      this.#count -= this.#byGeneration.get(generation)?.size ?? 0;
      this.#byGeneration.delete(generation);
    }
  }
}
