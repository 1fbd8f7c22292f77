import { normalForm } from '../../../common/text/words.ts';
import { sentences } from '../../../common/text/sentences.ts';
import type { ExtractedEntity, ExtractedRelation, Extraction } from '../../../graph/graph.types.ts';
import type { ExtractionChunk } from '../../extractor.port.ts';
import { type EntityType, typeOfName, typeOfTitle } from './entity-types.ts';
import { type FoundName, namesOfSentence, type NamedSentence } from './name-surfaces.ts';
import { makesPerson, phraseBetween } from './phrases.ts';

/** Bounds per chunk, so that a list of names does not become a graph of its own. */
const MAX_ENTITIES = 60;
const MAX_RELATIONS = 40;
const MAX_MENTIONS = 12;

const PRONOUN = /^(?:he|she|it|they)$/;

/** Gathers the entities and relations of one chunk, bounded and each once. */
class Findings {
  readonly #entities = new Map<string, ExtractedEntity>();
  readonly #relations = new Map<string, ExtractedRelation>();
  readonly #related = new Set<string>();

  /** The name under which the entity is kept, unless there are too many. */
  entity(norm: string, name: string, type: EntityType): string | undefined {
    const known = this.#entities.get(norm);
    if (known !== undefined) return known.name;
    if (this.#entities.size >= MAX_ENTITIES) return undefined;
    this.#entities.set(norm, { name, type, description: '' });
    return name;
  }

  relate(source: string | undefined, target: string | undefined, type: string): void {
    if (source === undefined || target === undefined || source === target || this.#relations.size >= MAX_RELATIONS) return;
    this.#relations.set(`${source}\n${type}\n${target}`, { source, target, type, description: '' });
    this.#related.add(source).add(target);
  }

  /** What no phrase relates is at least mentioned by what the passage is about. */
  mention(subject: string): void {
    const alone = [...this.#entities.values()].filter(({ name }) => name !== subject && !this.#related.has(name));
    for (const { name } of alone.slice(0, MAX_MENTIONS)) this.relate(subject, name, 'mentions');
  }

  result(): Extraction {
    return { entities: [...this.#entities.values()], relations: [...this.#relations.values()] };
  }
}

function sentencesOf({ text, blocks }: ExtractionChunk): string[] {
  const starts = blocks.length === 0 ? [0] : blocks;
  return starts.flatMap((start, i) => sentences(text.slice(start, starts[i + 1] ?? text.length)).map((sentence) => sentence.text));
}

/** What the passage is about, if its title is a name. */
function subjectOf(chunk: ExtractionChunk, first: string, findings: Findings): string | undefined {
  const name = chunk.documentTitle.replace(/\s*\([^)]*\)\s*/gu, ' ').replace(/\s+/gu, ' ').trim();
  const norm = normalForm(name);
  if (chunk.speakers.length > 0 || norm.length < 3 || name.length > 120 || !/^[\p{Lu}\p{Nd}]/u.test(name)) return undefined;
  return findings.entity(norm, name, typeOfTitle(chunk.documentTitle, norm, first));
}

function nameOf(findings: Findings, found: FoundName, phrase = ''): string | undefined {
  const type = typeOfName(found.norm);
  return findings.entity(found.norm, found.surface, type === 'other' && makesPerson(phrase) ? 'person' : type);
}

/** Reads a sentence from left to right: each name, and what is said between it and the next one. */
function readSentence(sentence: NamedSentence, findings: Findings, subject: string | undefined): void {
  // A pronoun at the start stands for what the passage is about.
  let source = PRONOUN.test(sentence.words[0]?.norm ?? '') ? subject : undefined;
  let from = 1;
  for (const found of sentence.names) {
    const word = sentence.words[found.start];
    const phrase = source === undefined || word === undefined ? undefined : phraseBetween(sentence.words.slice(from, found.start), word);
    const name = nameOf(findings, found, phrase);
    if (phrase !== undefined) findings.relate(source, name, phrase);
    source = name;
    from = found.end;
  }
}

/** What rules find in one chunk. */
export function extractByRules(chunk: ExtractionChunk): Extraction {
  const findings = new Findings();
  const list = sentencesOf(chunk);
  for (const speaker of chunk.speakers) findings.entity(normalForm(speaker), speaker, 'person');
  const subject = subjectOf(chunk, list[0] ?? '', findings);
  for (const sentence of list) readSentence(namesOfSentence(sentence), findings, subject);
  if (subject !== undefined) findings.mention(subject);
  return findings.result();
}
