import { contentHash } from '../../common/hash/content-hash.ts';
import { normalForm } from '../../common/text/words.ts';
import type { ExtractedEntity, Extraction } from '../../graph/graph.types.ts';
import { type ExtractionChunk, type ExtractionContext, type ExtractionPace, Extractor } from '../extractor.port.ts';
import { IngestionError } from '../ingestion.errors.ts';
import { recordLines } from '../parsers/record-lines.ts';
import { readFileBytes } from '../sources/read-file.ts';
import { typeOfName } from './extraction/entity-types.ts';
import { type GivenExtraction, parseExtractionLine } from './extraction/extractions-line.ts';

/** Takes what someone else extracted, by external id; documents it says nothing of are left to another extractor. */
export class FileExtractor extends Extractor {
  readonly #given: ReadonlyMap<string, GivenExtraction>;
  readonly #otherwise: Extractor;

  constructor(given: ReadonlyMap<string, GivenExtraction>, otherwise: Extractor) {
    super();
    this.#given = given;
    this.#otherwise = otherwise;
  }

  override kindOf(documentExternalId: string): string {
    const given = this.#given.get(documentExternalId);
    if (given === undefined) return this.#otherwise.kindOf(documentExternalId);
    return `file.${contentHash(JSON.stringify([given.entities, given.triples, ...(given.aliases === undefined ? [] : [given.aliases])])).slice(0, 12)}`;
  }

  override get pace(): ExtractionPace {
    return this.#otherwise.pace;
  }

  override get promptTokens(): number {
    return this.#otherwise.promptTokens;
  }

  override journalKeyOf(chunk: ExtractionChunk): string | undefined {
    return this.#given.has(chunk.documentExternalId) ? undefined : this.#otherwise.journalKeyOf(chunk);
  }

  override async extract(chunks: readonly ExtractionChunk[], context: ExtractionContext): Promise<Extraction[]> {
    context.signal?.throwIfAborted();
    const places = [...chunks.keys()].filter((at) => !this.#given.has(chunks[at]?.documentExternalId ?? ''));
    const rest = places.flatMap((at) => chunks[at] ?? []);
    const extracted = rest.length === 0 ? [] : await this.#otherwise.extract(rest, within(context, places));
    const others = new Map(rest.map((chunk, i) => [chunk, extracted[i]]));
    return chunks.map((chunk) => {
      const given = this.#given.get(chunk.documentExternalId);
      return given === undefined ? (others.get(chunk) ?? { entities: [], relations: [] }) : extractionOf(chunk, given);
    });
  }
}

/** The context of some of the chunks, which tells of them under their places among all. */
function within(context: ExtractionContext, places: readonly number[]): ExtractionContext {
  const placeOf = (index: number): number => places[index] ?? index;
  return {
    ...context,
    keep: (extractions) => context.keep(new Map([...extractions].map(([index, extraction]) => [placeOf(index), extraction]))),
    standIn: (index) => { context.standIn(placeOf(index)); },
  };
}

/** Of a document with several chunks each gets what its text names. */
function extractionOf(chunk: ExtractionChunk, given: GivenExtraction): Extraction {
  const text = ` ${normalForm(`${chunk.title} ${chunk.text}`)} `;
  const holds = (name: string): boolean => chunk.alone || text.includes(` ${normalForm(name)} `);
  const triples = given.triples.filter(([subject, , object]) => holds(subject) && holds(object));
  const names = [...given.entities.filter(holds), ...triples.flatMap(([subject, , object]) => [subject, object])];
  const entities = new Map<string, ExtractedEntity>();
  for (const name of names) {
    const norm = normalForm(name);
    if (norm !== '' && !entities.has(norm)) entities.set(norm, { name, type: typeOfName(norm), description: '', ...aliasesOf(name, given) });
  }
  const nameOf = (name: string): string | undefined => entities.get(normalForm(name))?.name;
  const relations = triples.flatMap(([subject, predicate, object]) => {
    const [source, target] = [nameOf(subject), nameOf(object)];
    return source === undefined || target === undefined ? [] : [{ source, target, type: predicate.toLowerCase(), description: '' }];
  });
  return { givesNames: true, entities: [...entities.values()], relations };
}

function aliasesOf(name: string, { aliases }: GivenExtraction): Pick<ExtractedEntity, 'aliases'> {
  const own = aliases === undefined || !Object.hasOwn(aliases, name) ? undefined : aliases[name];
  return own === undefined ? {} : { aliases: own };
}

/** An extraction, the reason why the line is none, or nothing for an empty line. */
function readLine(bytes: Uint8Array | undefined): GivenExtraction | string | undefined {
  if (bytes === undefined) return 'it is too long';
  const line = new TextDecoder().decode(bytes);
  return line.trim() === '' ? undefined : parseExtractionLine(line);
}

/**
 * Reads a file of extractions, a line `{passage, entities, triples, aliases?}` each; what is malformed is told to `warn` with its line and left
 * out.
 * @throws IngestionError `source-not-found`, `source-unreadable`, `extraction-malformed` when no line of it can be used
 */
export async function loadExtractions(path: string, warn: (message: string) => void): Promise<Map<string, GivenExtraction>> {
  const given = new Map<string, GivenExtraction>();
  for await (const { number, bytes } of recordLines(readFileBytes(path))) {
    const parsed = readLine(bytes);
    if (parsed === undefined) continue;
    if (typeof parsed === 'string') warn(`extractions, line ${String(number)}: ${parsed}`);
    else {
      for (const fault of parsed.faults) warn(`extractions, line ${String(number)}: ${fault}`);
      given.set(parsed.passage, parsed);
    }
  }
  if (given.size > 0) return given;
  throw new IngestionError('extraction-malformed', `No line of "${path}" is an extraction.`, {
    remedy: 'Each line is one JSON object {"passage", "entities": [names], "triples": [[subject, predicate, object], …]}, with "aliases": {name: [names]} where there are any.',
  });
}
