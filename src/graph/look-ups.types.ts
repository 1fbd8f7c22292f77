import type { HopQuery, NamesQuery } from './knowledge-graph.port.ts';
import type { Passage, PassageKey, PassageLabel } from './graph.types.ts';
import type { TermCountQuery, TextQuery, VectorQuery } from './passage-index.port.ts';
import type { FoundNames, HopColumns, TermCounts, TextHits, VectorHits } from './retrieval-columns.types.ts';

/** The look-ups a program may make, with what each answers: operations of PassageIndex and KnowledgeGraph, whose comments hold here too. */
export interface LookUps {
  readonly searchText: { readonly query: TextQuery; readonly answer: TextHits };
  readonly termCounts: { readonly query: TermCountQuery; readonly answer: TermCounts };
  readonly searchVectors: { readonly query: VectorQuery; readonly answer: VectorHits };
  readonly ties: { readonly query: { readonly keys: readonly PassageKey[] }; readonly answer: string[] };
  readonly namesIn: { readonly query: NamesQuery; readonly answer: FoundNames };
  readonly hop: { readonly query: HopQuery; readonly answer: HopColumns };
  readonly passages: { readonly query: { readonly keys: readonly PassageKey[] }; readonly answer: Passage[] };
  readonly labels: { readonly query: { readonly keys: readonly PassageKey[] }; readonly answer: [PassageKey, PassageLabel][] };
}

export type LookUpKind = keyof LookUps;

/** One look-up as a program yields it. */
export type LookUp = { readonly [K in LookUpKind]: { readonly kind: K; readonly query: LookUps[K]['query'] } }[LookUpKind];

/** A computation that yields look-ups, is sent their answers, and returns its own. It keeps nothing between runs and asks no clock but for timings. */
export type LookUpProgram<Answer> = Generator<LookUp, Answer, unknown>;

/** Makes one look-up from within a program: `const hits = yield* lookUp('searchText', query)`. */
export function* lookUp<K extends LookUpKind>(kind: K, query: LookUps[K]['query']): LookUpProgram<LookUps[K]['answer']> {
  return (yield { kind, query } as LookUp) as LookUps[K]['answer'];
}

/** How a store answers each kind of look-up. */
export type Answering = { readonly [K in LookUpKind]: (query: LookUps[K]['query']) => LookUps[K]['answer'] | Promise<LookUps[K]['answer']> };

/** The answer to one look-up, or its promise where the store gives promises. */
export function replyTo({ kind, query }: LookUp, answers: Answering): unknown {
  const reply = answers[kind] as (query: LookUp['query']) => unknown;
  return reply(query);
}

/**
 * Where a program is found: a function of a module that gives a LookUpProgram for an input. A store thread may load the module, so it
 * and what it imports use no Nest and only syntax that can be erased; input and answer are what structured clone copies.
 */
export interface ProgramRef<Input, Answer> {
  readonly module: URL;
  readonly name: string;
  /** Never set: it carries the types of the function. */
  readonly signature?: (input: Input) => LookUpProgram<Answer>;
}
