import { isNameLike, MAX_NAME_WORDS } from '../../common/text/names.ts';
import { COMMON_WORDS } from '../../common/text/stop-words.ts';
import { normalForm } from '../../common/text/words.ts';
import type { Extraction } from '../graph.types.ts';

/** Of a passage so many names that an extraction gives are taken. */
const MAX_GIVEN = 200;
/** A number, a year, a decade, an ordinal: alone it is no name, for too much shares it. */
const NUMBER = /^\p{N}+\p{L}{0,2}$/u;

/** The normalised names and aliases that an extraction gives its passage; what can be no name is left out. */
export function givenNames(extraction: Extraction | undefined): string[] {
  if (extraction?.givesNames !== true) return [];
  const surfaces = extraction.entities.flatMap(({ name, aliases }) => [name, ...(aliases ?? [])]);
  return [...new Set(surfaces.map((surface) => normalForm(surface)))].filter(canBeName).slice(0, MAX_GIVEN);
}

function canBeName(norm: string): boolean {
  const parts = norm.split(' ');
  return isNameLike(norm) && parts.length <= MAX_NAME_WORDS && !parts.every((part) => COMMON_WORDS.has(part) || NUMBER.test(part));
}
