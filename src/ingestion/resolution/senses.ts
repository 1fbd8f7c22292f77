import { normalForm } from '../../common/text/words.ts';
import type { Extraction } from '../../graph/graph.types.ts';

const IN_PARENTHESES = /^(.*\S)\s*\(([^()]+)\)\s*$/u;

/** What stands in parentheses behind a document's title tells its subject from namesakes: "Ada Kern (pilot)", "Dust (1925 film)". */
export function withSenses(documentTitle: string, extraction: Extraction): Extraction {
  const [, name = '', inParentheses = ''] = IN_PARENTHESES.exec(documentTitle) ?? [];
  const [subject, sense] = [normalForm(name), normalForm(inParentheses)];
  if (subject === '' || sense === '') return extraction;
  return { ...extraction, entities: extraction.entities.map((entity) => (normalForm(entity.name) === subject ? { ...entity, sense } : entity)) };
}
