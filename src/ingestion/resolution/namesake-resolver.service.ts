import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock/clock.port.ts';
import { contentHash } from '../../common/hash/content-hash.ts';
import type { Passage, Workspace } from '../../graph/graph.types.ts';
import { PassageIndex } from '../../graph/passage-index.port.ts';
import { type EntityMention, type GivenSense, StoredEntities, type StoredEntity } from '../../graph/stored-entities.port.ts';
import { Pacer } from '../pipeline/pacer.ts';
import { isTitle } from './name-forms.ts';
import { asQuestion, NameInQuestion } from './namesake-questions.ts';
import { type Bearers, bearersOf, type NamedIn, sensesOfPersons } from './namesakes.ts';
import { ResolutionRecords } from './resolution-records.ts';
import type { Namesakes } from './resolution.types.ts';
import { titleSense } from './senses.ts';
import { toldLife } from './told-lives.ts';

/** What namesakes are looked for with. */
export interface NamesakeContext {
  readonly workspace: Workspace;
  readonly signal?: AbortSignal | undefined;
  /** Asks the model about bearers whom rules take for one; left out, they stay so. */
  readonly ask?: ((questions: readonly Readonly<Record<string, unknown>>[]) => Promise<{ readonly same: readonly (boolean | undefined)[]; readonly modelCalls: number }>) | undefined;
}

/** Who was told apart, and what is to be changed in the store for it. */
export interface NamesakeFindings {
  readonly namesakes: readonly Namesakes[];
  readonly changes: readonly GivenSense[];
  readonly modelCalls: number;
}

interface Name {
  readonly id: string;
  readonly norm: string;
  readonly entities: readonly StoredEntity[];
  readonly passages: number;
  /** Whether several may bear it. If not, it is here because it was told apart before. */
  readonly isInQuestion: boolean;
}

/** A name with who bears it, and the senses its documents have in the store now. */
interface BorneName {
  readonly id: string;
  readonly name: string;
  readonly norm: string;
  readonly documents: readonly string[];
  readonly senses: ReadonlyMap<string, ReadonlySet<string>>;
  readonly bearers: Bearers;
}

const PERSON = 'person';
/** Of a name in more passages too much is known to tell its bearers apart in reasonable time. */
const MOST_PASSAGES = 400;
/** Passages that are in memory at once. */
const PASSAGES_AT_ONCE = 1000;
/** Questions a model is asked in one run at most. */
const ASKED = 2000;
const SAID_BEFORE = 80;
const SAID = 280;

/**
 * Tells persons of one name and type apart whom no title tells apart: by years of birth and death and by titles that documents give them,
 * and last by the model. What is found depends only on the documents there are.
 */
@Injectable()
export class NamesakeResolver {
  constructor(
    private readonly entities: StoredEntities,
    private readonly index: PassageIndex,
    private readonly records: ResolutionRecords,
    private readonly clock: Clock,
  ) {}

  /** @throws GraphError, StorageError; whatever `ask` throws; the signal's reason */
  async find(all: readonly StoredEntity[], { workspace, signal, ask }: NamesakeContext): Promise<NamesakeFindings> {
    const names = await this.#borne(workspace, await this.#names(workspace, all), signal);
    const { bearers, modelCalls } = ask === undefined ? { bearers: names.map((name) => name.bearers), modelCalls: 0 } : await asked(names, ask);
    const told = names.map((name, i) => ({ name, senses: sensesByDocument(bearers[i] ?? name.bearers) }));
    const namesakes = told.filter(({ senses }) => senses.size > 0).map(({ name, senses }) => toNamesakes(name, senses));
    return { namesakes, changes: told.flatMap(({ name, senses }) => changesOf(name, senses)), modelCalls };
  }

  /** Names of persons whom several may bear, and those that were told apart before. */
  async #names(workspace: Workspace, all: readonly StoredEntity[]): Promise<Name[]> {
    const [onePerson, before] = [await this.records.onePersons(workspace), await this.records.namesakes(workspace)];
    const byNorm = Map.groupBy(all.filter(({ type }) => type === PERSON), ({ norm }) => norm);
    const names = Array.from(byNorm, ([norm, entities]): Name => {
      const id = contentHash('namesakes', norm, PERSON);
      const passages = entities.reduce((sum, { mentions }) => sum + mentions, 0);
      return { id, norm, entities, passages, isInQuestion: passages > 1 && passages <= MOST_PASSAGES && !isTitle(norm) && !onePerson.has(id) };
    });
    return names.filter(({ id, isInQuestion }) => isInQuestion || before.has(id)).sort((a, b) => (a.norm < b.norm ? -1 : 1));
  }

  async #borne(workspace: Workspace, names: readonly Name[], signal: AbortSignal | undefined): Promise<BorneName[]> {
    const pacer = new Pacer(this.clock);
    const found: BorneName[] = [];
    for (const some of slices(names)) {
      signal?.throwIfAborted();
      const mentions = await this.entities.mentions(workspace, some.flatMap(({ entities }) => entities.map(({ id }) => id)));
      const keys = new Set([...mentions.values()].flat().map(({ passage }) => passage));
      const passages = new Map((await this.index.passages(workspace, [...keys])).map((passage) => [passage.key, passage]));
      for (const name of some) {
        if (pacer.due) await pacer.rest();
        found.push(borneName(name, mentions, passages));
      }
    }
    return found;
  }
}

function* slices(names: readonly Name[]): Generator<Name[]> {
  let slice: Name[] = [];
  let passages = 0;
  for (const name of names) {
    if (slice.length > 0 && passages + name.passages > PASSAGES_AT_ONCE) {
      yield slice;
      [slice, passages] = [[], 0];
    }
    slice.push(name);
    passages += name.passages;
  }
  if (slice.length > 0) yield slice;
}

/** What each document says of a name. Whom a title tells apart is left out. */
function borneName({ id, norm, entities, isInQuestion }: Name, mentions: ReadonlyMap<string, readonly EntityMention[]>, passages: ReadonlyMap<number, Passage>): BorneName {
  const told = entities.flatMap((entity) =>
    (mentions.get(entity.id) ?? []).flatMap((mention) => {
      const passage = passages.get(mention.passage);
      return passage === undefined || titleSense(passage.documentTitle)?.subject === norm ? [] : [{ mention, passage, sense: entity.sense }];
    }),
  );
  const byDocument = Map.groupBy(told, ({ passage }) => passage.documentId);
  const documents = Array.from(byDocument, ([documentId, list]): NamedIn => {
    const surfaces = new Set(list.map(({ mention }) => mention.surface));
    const texts = list.flatMap(({ passage }) => [passage.title, passage.text]);
    return {
      documentId,
      externalId: list[0]?.passage.externalId ?? '',
      passages: list.length,
      beside: new Set(list.flatMap(({ mention }) => mention.beside)),
      life: toldLife(texts, surfaces),
      said: excerpt(list[0]?.passage.text ?? '', list[0]?.mention.surface ?? ''),
    };
  });
  const [best] = entities.toSorted((a, b) => b.mentions - a.mentions || (a.name < b.name ? -1 : 1));
  return {
    ...{ id, norm, name: best?.name ?? norm, documents: [...byDocument.keys()], bearers: isInQuestion ? bearersOf(documents) : { persons: [], open: [] } },
    senses: new Map(Array.from(byDocument, ([documentId, list]) => [documentId, new Set(list.map(({ sense }) => sense))])),
  };
}

function excerpt(text: string, surface: string): string {
  const from = Math.max(0, text.indexOf(surface) - SAID_BEFORE);
  return text.slice(from, from + SAID);
}

/** Asks about all names in rounds, many pairs a call. */
async function asked(names: readonly BorneName[], ask: NonNullable<NamesakeContext['ask']>): Promise<{ readonly bearers: Bearers[]; readonly modelCalls: number }> {
  const inQuestion = names.map(({ name, bearers }) => new NameInQuestion(name, bearers));
  let [left, modelCalls] = [ASKED, 0];
  for (;;) {
    const rounds = inQuestion.map((name) => ({ name, questions: name.questions() })).filter(({ questions }) => questions.length > 0);
    if (rounds.length === 0) return { bearers: inQuestion.map(({ result }) => result), modelCalls };
    const questions = rounds.flatMap(({ name, questions: own }) => own.map((question) => asQuestion(name.name, question))).slice(0, left);
    const answers = questions.length === 0 ? { same: [], modelCalls: 0 } : await ask(questions);
    left -= questions.length;
    modelCalls += answers.modelCalls;
    let at = 0;
    for (const { name, questions: own } of rounds) {
      name.take(own.map((_, i) => answers.same[at + i]));
      at += own.length;
    }
  }
}

function toNamesakes({ id, name, norm, bearers }: BorneName, senses: ReadonlyMap<string, string>): Namesakes {
  return { id, name, norm, type: PERSON, layer: bearers.persons.length > 1 ? 'life' : 'model', senses: Object.fromEntries(senses) };
}

/** What the store says otherwise. */
function changesOf({ norm, documents, senses: before }: BorneName, senses: ReadonlyMap<string, string>): GivenSense[] {
  return documents.flatMap((documentId) => {
    const sense = senses.get(documentId) ?? '';
    const now = before.get(documentId);
    return now?.size === 1 && now.has(sense) ? [] : [{ documentId, norm, type: PERSON, sense }];
  });
}

/** With several persons the sense of each document that means one of them; else nothing. */
function sensesByDocument({ persons }: Bearers): Map<string, string> {
  if (persons.length < 2) return new Map();
  const senses = sensesOfPersons(persons);
  return new Map(persons.flatMap((person, i) => person.flatMap(({ documents }) => documents.map(({ documentId }) => [documentId, senses[i] ?? ''] as const))));
}
