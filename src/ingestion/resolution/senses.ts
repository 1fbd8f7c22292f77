import { normalForm } from '../../common/text/words.ts';
import type { Extraction, WorkspaceRef } from '../../graph/graph.types.ts';
import type { ResolutionRecords } from './resolution-records.ts';

const IN_PARENTHESES = /^(.*\S)\s*\(([^()]+)\)\s*$/u;

/** Which sense of a name a document's title tells. */
export interface TitleSense {
  /** Normalised, both. */
  readonly subject: string;
  readonly sense: string;
}

/** Senses that were given to names of one document: by the normalised name and the type, one behind the other. */
export type DocumentSenses = ReadonlyMap<string, string>;

/** What stands in parentheses behind a document's title tells its subject from namesakes: "Ada Kern (pilot)", "Dust (1925 film)". */
export function titleSense(documentTitle: string): TitleSense | undefined {
  const [, name = '', inParentheses = ''] = IN_PARENTHESES.exec(documentTitle) ?? [];
  const [subject, sense] = [normalForm(name), normalForm(inParentheses)];
  return subject === '' || sense === '' ? undefined : { subject, sense };
}

/** Tells which of several of a name is meant: what the title says, or what resolution found of the document before. */
export function withSenses(documentTitle: string, extraction: Extraction, given?: DocumentSenses): Extraction {
  const title = titleSense(documentTitle);
  if (title === undefined && given === undefined) return extraction;
  const entities = extraction.entities.map((entity) => {
    const norm = normalForm(entity.name);
    const sense = norm === title?.subject ? title.sense : given?.get(senseKey(norm, normalForm(entity.type)));
    return sense === undefined ? entity : { ...entity, sense };
  });
  return { ...extraction, entities };
}

/** The senses that resolution gave, by document. */
export async function givenSenses(records: ResolutionRecords, workspace: WorkspaceRef): Promise<ReadonlyMap<string, DocumentSenses>> {
  const byDocument = new Map<string, Map<string, string>>();
  for (const { norm, type, senses } of (await records.namesakes(workspace)).values()) {
    for (const [documentId, sense] of Object.entries(senses)) {
      const given = byDocument.get(documentId) ?? new Map<string, string>();
      byDocument.set(documentId, given.set(senseKey(norm, type), sense));
    }
  }
  return byDocument;
}

/** Names a name of a type. */
export function senseKey(norm: string, type: string): string {
  return `${norm}\n${type}`;
}
