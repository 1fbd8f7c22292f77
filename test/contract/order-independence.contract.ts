import fc from 'fast-check';
import type { Extraction, WorkspaceRef } from '../../src/graph/graph.types.ts';
import { documentIdOf } from '../../src/graph/ids.types.ts';
import type { RaggedColumn } from '../../src/graph/retrieval-columns.types.ts';
import { RETRIEVE } from '../../src/retrieval/chain/retrieve.program.ts';
import { RETRIEVAL_DEFAULTS } from '../../src/retrieval/retrieval-config.ts';
import { fakeVectors } from '../fakes/fake-vectors.ts';
import { type GraphStack, publishAll, type TestDocument } from '../fixtures/graph-stack.ts';

// Few words, so that names meet: runs inside longer runs, titles inside titles, apostrophes and accents that a text index cuts, and
// scripts without capitals or spaces.
const WORDS = ['Anna', "O'Brien", 'Zürich', 'Bank', 'of', 'the', 'West', 'river', 'New', "York's", 'met', '1984', 'ירושלים', 'גדולה', '北京大学', 'हिन्दी'];
const sentence = fc.array(fc.constantFrom(...WORDS), { minLength: 2, maxLength: 7 }).map((list) => `${list.join(' ')}.`);
const text = fc.array(sentence, { minLength: 1, maxLength: 3 }).map((list) => list.join(' '));
const title = fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 3 }).map((list) => list.join(' '));
// What an extraction gives: names with and without a capital in the text, aliases of several things, stop words, nothing at all.
const given = fc.constantFrom('Anna', 'river', 'Bank of the West', 'west', 'the', '', 'New York', 'Zürich', '1984', 'metropolis');
const entity = fc.record({ name: given, type: fc.constantFrom('place', ''), description: fc.constant(''), aliases: fc.array(given, { maxLength: 2 }) });
const extraction = fc.record({ givesNames: fc.boolean(), entities: fc.array(entity, { maxLength: 3 }), relations: fc.constant([]) });
const content = fc
  .record({ title, texts: fc.uniqueArray(text, { minLength: 1, maxLength: 3 }), extracted: fc.option(fc.tuple(extraction, extraction, extraction), { nil: undefined }) })
  .map(({ extracted, ...rest }) => (extracted === undefined ? rest : { ...rest, extractions: extracted satisfies Extraction[] }));
const ALIASES = ['anna', 'river', 'west', 'new york', 'zurich', 'metropolis', 'bank of the west', '1984', 'the', 'ירושלים', 'גדולה ירושלים', '京大', '北京 京大 大学', 'हिन्दी'];
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e'), content }) },
  { weight: 1, arbitrary: fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e'), content: fc.constant(undefined) }) },
);

const row = (column: RaggedColumn, i: number): number[] => [...column.values.subarray(column.offsets[i], column.offsets[i + 1])];

/** All that a question could see, free of the store's own numbers. */
async function visible(stack: GraphStack, workspace: WorkspaceRef): Promise<unknown> {
  const { documents } = await stack.index.documents(workspace, { limit: 100 });
  const { addedPassages } = await stack.index.changesSince(workspace, 0);
  const passages = await stack.index.passages(workspace, [...addedPassages]);
  passages.sort((a, b) => (a.chunkId < b.chunkId ? -1 : 1));
  const labels = new Map(passages.map((passage) => [passage.key, passage.chunkId]));
  const beam = passages.map((passage) => passage.key);
  const hop = await stack.graph.hop(workspace, { beam, near: beam, stems: ['bank', 'river', 'anna'] });
  const lists = (column: RaggedColumn, name: number): (string | undefined)[] => row(column, name).map((key) => labels.get(key)).sort();
  const names = hop.names.norms.map((norm, i) => ({
    norm,
    walk: hop.names.walk[i],
    frequency: hop.names.frequencies[i],
    specificity: hop.names.specificities[i]?.toFixed(9),
    titles: lists(hop.names.titlePassages, i),
    mentions: lists(hop.names.mentionPassages, i),
    inTitles: lists(hop.names.inTitlePassages, i),
  }));
  const links = passages.map((_, i) =>
    row(hop.links, i).map((name, j) => {
      const link = (hop.links.offsets[i] ?? 0) + j;
      return [hop.names.norms[name], hop.linkKinds[link], ...row(hop.linkSentences, link)].join('|');
    }).sort(),
  );
  const asked = await stack.graph.namesIn(workspace, { ngrams: ALIASES, near: beam });
  const question = asked.names.norms.map((norm, i) => [
    norm, asked.names.walk[i], asked.names.hasTitle[i], asked.names.frequencies[i],
    ...[asked.names.titlePassages, asked.names.mentionPassages, asked.names.inTitlePassages].map((column) => lists(column, i)),
  ]);
  const search = await stack.index.searchText(workspace, { words: ['anna', 'river', 'york', 'bank', '京大', 'हिन्दी'], stems: ['bank', 'river'], k: 4 });
  return {
    documents: documents.map((document) => [document.externalId, document.title, document.chunks]),
    names: names.sort((a, b) => (a.norm < b.norm ? -1 : 1)),
    links,
    question,
    search: [[...search.passages].map((key) => labels.get(key)), [...search.scores].map((score) => score.toFixed(9)), [...search.stemFrequencies], search.passageCount],
  };
}

// Few vectors, so that passages are often equally near; none, one or several of sentences.
const VECTORS = fakeVectors(8, 8);
const vector = (i: number): Float32Array => VECTORS[i] ?? new Float32Array(8);
const places = fc.array(fc.nat(VECTORS.length - 1), { minLength: 3, maxLength: 3 });
const vectors = fc.record({ own: places, ofSentences: fc.array(places, { maxLength: 2 }) }).map(({ own, ofSentences }) => ({
  vectors: own.map(vector),
  sentenceVectors: own.map((_, nth) => ofSentences.map((each) => vector(each[nth] ?? 0))),
}));
const IDS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const ranked = fc.record({ content, kind: fc.constantFrom('x', 'y'), near: vectors });
const rankedStep = fc.record({ id: fc.constantFrom(...IDS), given: fc.option(ranked, { freq: 4, nil: undefined }) });

function rankedDocument(id: string, { content: given, kind, near }: typeof ranked extends fc.Arbitrary<infer T> ? T : never, withVectors: boolean): TestDocument {
  const count = given.texts.length;
  const dense = { vectors: near.vectors.slice(0, count), sentenceVectors: near.sentenceVectors.slice(0, count) };
  return { id, ...given, metadata: { kind }, ...(withVectors ? dense : {}) };
}

const QUESTIONS = ["Did Anna O'Brien meet the Bank of the West in Zürich?", 'who met anna at the river', 'New York\'s West Bank, 1984 and New York', 'ירושלים גדולה 北京大学', 'river river bank'];
const FILTERS = [undefined, { externalIds: ['a', 'c', 'e', 'g'] }, { metadata: { kind: 'x' } }];
/** So small that every cut cuts. */
const NARROW = { ...RETRIEVAL_DEFAULTS, lexicalTop: 5, lexicalPostings: 6, denseTop: 4, near: 6, seedTop: 3, beam: 3 };

interface Asking {
  readonly withVectors: boolean;
  /** Every so many-th question is asked, from this one on. */
  readonly every: number;
  readonly from: number;
}

/** Whole answers of the chain, free of the store's own numbers. */
async function rankings(stack: GraphStack, workspace: WorkspaceRef, { withVectors, every, from }: Asking): Promise<unknown[]> {
  const all = QUESTIONS.flatMap((query, i) => FILTERS.flatMap((filter) => [RETRIEVAL_DEFAULTS, NARROW].map((config) => ({
    query, k: 100, config, ...(filter === undefined ? {} : { filter }), ...(withVectors ? { vector: vector(i) } : {}),
  }))));
  const asked = all.filter((_, i) => i % every === from % every);
  return await Promise.all(asked.map(async (input) => {
    const { passages, nameWeights, counts, frequencies } = await stack.programs.run(workspace, RETRIEVE, input, { searchesVectors: withVectors });
    const found = passages.map(({ passage, score, via }) => [passage.externalId, passage.chunkId, score.toFixed(9), via]);
    return { found, names: [...nameWeights].map(([name, weight]) => [name, weight.toFixed(8)]), counts, frequencies };
  }));
}

/** How much is tried. */
interface Extent {
  readonly histories: number;
  readonly rankedHistories: number;
  /** The most changes in one history. */
  readonly steps: number;
  /** Every so many-th of 30 questions is asked, others in the next history. */
  readonly every: number;
  /** No further history is begun after this, in milliseconds; the first is always gone through. */
  readonly budgetMs: number;
}

const EMBEDDED: Extent = { histories: 40, rankedHistories: 15, steps: 20, every: 1, budgetMs: 120_000 };
/** Each history takes hundreds of calls of a server. */
export const ON_A_SERVER: Extent = { histories: 6, rankedHistories: 3, steps: 8, every: 3, budgetMs: 8_000 };

/** What is visible depends on the visible documents alone, never on how they came. */
export function describeOrderIndependence(name: string, open: () => Promise<GraphStack>, extent = EMBEDDED): void {
  describe(`Order independence: ${name}`, () => {
    let stack: GraphStack;
    beforeAll(async () => {
      stack = await open();
    });
    afterAll(async () => {
      await stack.close();
    });

    /** Ends a property early when its time is over; a machine that is slow tries fewer histories, never none. */
    const inTime = (): (() => boolean) => {
      const end = performance.now() + extent.budgetMs;
      let begun = 0;
      return () => {
        begun += 1;
        return begun === 1 || performance.now() < end;
      };
    };

    it('any order, batching, changes and deletions end in the same index', async () => {
      const goesOn = inTime();
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: Math.min(14, extent.steps) }), fc.integer({ min: 1, max: 4 }), async (steps, batch) => {
          if (!goesOn()) return;
          const crooked = await stack.workspace();
          const last = new Map<string, TestDocument>();
          for (const { id, content: given } of steps) {
            if (given === undefined) {
              last.delete(id);
              await stack.writer.deleteDocuments(crooked, [documentIdOf(crooked.uid, id)]);
            } else {
              last.set(id, { id, ...given });
              await publishAll(stack, crooked, [{ id, ...given }]);
            }
          }
          // The same workspace uid gives the same chunk ids: only the way there differs.
          const straight = { uid: crooked.uid };
          const seen = await visible(stack, straight);
          await stack.writer.deleteDocuments(straight, ['a', 'b', 'c', 'd', 'e'].map((id) => documentIdOf(straight.uid, id)));
          await publishAll(stack, straight, [...last.values()], batch);
          expect(await visible(stack, straight)).toEqual(seen);
        }),
        { numRuns: extent.histories },
      );
    }, 300_000);

    it.each([['by words and names', false], ['with vectors of passages and sentences', true]])('any way to the same documents ends in the same rankings and explanations, %s', async (_, withVectors) => {
      const goesOn = inTime();
      let history = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(rankedStep, { minLength: 4, maxLength: extent.steps }), fc.integer({ min: 1, max: 4 }), fc.shuffledSubarray(IDS, { minLength: IDS.length }), async (steps, batch, order) => {
          if (!goesOn()) return;
          const asking = { withVectors, every: extent.every, from: history };
          history += 1;
          const workspace = await stack.workspace();
          const last = new Map<string, TestDocument>();
          for (const [i, { id, given }] of steps.entries()) {
            if (given === undefined) {
              last.delete(id);
              await stack.writer.deleteDocuments(workspace, [documentIdOf(workspace.uid, id)]);
            } else {
              const document = rankedDocument(id, given, withVectors);
              last.set(id, document);
              await publishAll(stack, workspace, [document]);
            }
            // What a question leaves in memory must not show in the next one.
            if (i % 5 === 0) await rankings(stack, workspace, asking);
          }
          const seen = await rankings(stack, workspace, asking);
          await stack.writer.deleteDocuments(workspace, IDS.map((id) => documentIdOf(workspace.uid, id)));
          await publishAll(stack, workspace, order.flatMap((id) => last.get(id) ?? []), batch);
          expect(await rankings(stack, workspace, asking)).toEqual(seen);
        }),
        { numRuns: extent.rankedHistories },
      );
    }, 300_000);
  });
}
