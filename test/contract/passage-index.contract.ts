import { words } from '../../src/common/text/words.ts';
import { documentIdOf } from '../../src/graph/ids.types.ts';
import { compareTies } from '../../src/graph/retrieval-columns.types.ts';
import type { PassageFilter, WorkspaceRef } from '../../src/graph/graph.types.ts';
import { type GraphStack, publishAll, type TestDocument } from '../fixtures/graph-stack.ts';

function planets(): TestDocument[] {
  return Array.from({ length: 12 }, (_, i) => ({
    id: `p${String(i)}`,
    title: `Planet ${String(i)}`,
    texts: [`A planet with ${'rings '.repeat(i)}and moons.`],
    metadata: { year: 1900 + i, kind: i % 2 === 0 ? 'gas' : 'rock', tags: ['sky', `t${String(i)}`], date: `2020-01-${String(i + 1).padStart(2, '0')}` },
    vectors: [unit([1, i, i % 3, 0.5])],
  }));
}

function unit(values: readonly number[]): Float32Array {
  const length = Math.hypot(...values);
  return Float32Array.from(values, (value) => value / length);
}

/** What every adapter of PassageIndex has to do. */
export function describePassageIndex(name: string, open: () => Promise<GraphStack>): void {
  describe(`PassageIndex: ${name}`, () => {
    let stack: GraphStack;
    let workspace: WorkspaceRef;

    beforeAll(async () => {
      stack = await open();
      workspace = await stack.workspace();
      await publishAll(stack, workspace, planets());
    });
    afterAll(async () => {
      await stack.close();
    });

    const textIds = async (words: readonly string[], k: number, filter?: PassageFilter): Promise<string[]> => {
      const hits = await stack.index.searchText(workspace, { words, stems: [], k, ...(filter === undefined ? {} : { filter }) });
      return (await stack.index.passages(workspace, [...hits.passages])).map((passage) => passage.externalId);
    };

    it('finds passages by any of the words, best first, with falling scores', async () => {
      const hits = await stack.index.searchText(workspace, { words: ['rings', 'moons'], stems: ['ring', 'moon', 'absent'], k: 5 });
      expect(hits.passages).toHaveLength(5);
      expect([...hits.scores]).toEqual([...hits.scores].sort((a, b) => b - a));
      expect(hits.passageCount).toBe(12);
      expect([...hits.stemFrequencies]).toEqual([11, 12, 0]);
    });

    it('orders equal passages by external id, not by arrival', async () => {
      const other = await stack.workspace();
      const same = ['b', 'c', 'a', 'd'].map((id) => ({ id, title: '', texts: ['the same words'] }));
      await publishAll(stack, other, same, 1);
      const hits = await stack.index.searchText(other, { words: ['same'], stems: [], k: 2 });
      const passages = await stack.index.passages(other, [...hits.passages]);
      expect(passages.map((passage) => passage.externalId)).toEqual(['a', 'b']);
    });

    it('counts stems, and pairs in a row within a sentence, in title and body', async () => {
      const own = await stack.workspace();
      const texts = { a: ['Old bridges', 'The old bridge is old. Bridges are old, old bridge.'], b: ['Towns', 'Winding stony bridge. Old towns slept long.'] } as const;
      await publishAll(stack, own, Object.entries(texts).map(([id, [title, text]]) => ({ id, title, texts: [text] })));
      const all = await stack.index.searchText(own, { words: ['old'], stems: [], k: 9 });
      const [first = 0, second = 0] = [...(await stack.index.passages(own, [...all.passages]))].sort((a, b) => (a.externalId < b.externalId ? -1 : 1)).map(({ key }) => key);
      const query = { passages: [second, 987_654, first], stems: ['old', 'absent', 'bridg'], pairs: [[0, 2], [2, 0], [0, 1]] as const };
      expect(await stack.index.termCounts(own, query)).toEqual({
        titleLengths: Int32Array.of(1, 0, 2),
        bodyLengths: Int32Array.of(7, 0, 7),
        titleCounts: Uint16Array.of(0, 0, 0, 0, 0, 0, 1, 0, 1),
        bodyCounts: Uint16Array.of(1, 0, 1, 0, 0, 0, 4, 0, 3),
        titlePairs: Uint16Array.of(0, 0, 0, 0, 0, 0, 1, 0, 0),
        bodyPairs: Uint16Array.of(0, 0, 0, 0, 0, 0, 2, 2, 0),
        meanTitleLength: 1.5,
        meanBodyLength: 7,
      });
      expect((await stack.index.termCounts(own, { passages: [], stems: [], pairs: [] })).bodyCounts).toHaveLength(0);
      await stack.writer.deleteDocuments(own, [documentIdOf(own.uid, 'b')]);
      const left = await stack.index.termCounts(own, { ...query, passages: [second, first] });
      expect([left.bodyLengths, left.meanTitleLength, left.meanBodyLength]).toEqual([Int32Array.of(0, 7), 2, 7]);
    });

    it('tells the place of passages among equals: by external id, then by their place in the document', async () => {
      const other = await stack.workspace();
      const ids = ['b', 'aa', 'a'];
      await publishAll(stack, other, ids.map((id) => ({ id, title: id, texts: ['One same.', 'Two same.'] })), 1);
      const { addedPassages } = await stack.index.changesSince(other, 0);
      const passages = await stack.index.passages(other, [...addedPassages]);
      const places = await stack.index.ties(other, [...passages.map(({ key }) => key), 987_654]);
      expect(places.pop()).toBe('');
      const sorted = passages.map(({ externalId, ordinal }, i) => ({ at: [externalId, ordinal], tie: places[i] ?? '' })).sort((a, b) => compareTies(a.tie, b.tie));
      expect(sorted.map(({ at }) => at)).toEqual(['a', 'b', 'aa'].flatMap((id) => [[id, 0], [id, 1]]));
    });

    it('finds nothing for no words, and takes any string as a word', async () => {
      expect(await textIds([], 5)).toEqual([]);
      expect(await textIds(['"', 'or', 'near(', '*', 'NOT', '未知'], 5)).toEqual([]);
    });

    it.each([
      ['Chinese', '我在北京大学学习历史。', '北京大学'],
      ['Japanese', '彼女は東京タワーへ行った。', '東京タワー'],
      ['Thai', 'เขาอยู่กรุงเทพ', 'กรุงเทพ'],
      ['Korean', '그는 서울에서 태어났다', '서울에서'],
      ['Arabic', 'وُلِدَ في القاهرة', 'القاهرة'],
      ['Hebrew', 'היא נולדה בחיפה', 'בחיפה'],
      ['Hindi', 'वह हिन्दी पढ़ती है', 'हिन्दी'],
      ['Russian', 'Там жил Николай', 'николай'],
      ['Georgian', 'იგი თბილისში დაიბადა', 'თბილისში'],
    ])('finds words of %s, also when the passage has gone and come again', async (_language, text, word) => {
      const own = await stack.workspace();
      const asked = { words: words(word).map((each) => each.norm), stems: [], k: 5 };
      const found = async (): Promise<number> => (await stack.index.searchText(own, asked)).passages.length;
      await publishAll(stack, own, [{ id: 'a', title: 'A', texts: [text] }, { id: 'b', title: 'B', texts: ['Something else.'] }]);
      expect(await found()).toBe(1);
      await publishAll(stack, own, [{ id: 'a', title: 'A', texts: ['Nothing of it.'] }]);
      expect(await found()).toBe(0);
      await publishAll(stack, own, [{ id: 'b', title: text, texts: ['A title will do.'] }]);
      expect(await found()).toBe(1);
    });

    it('leaves out the frequent words that would read too much, while two rarer ones stand', async () => {
      const search = (words: readonly string[], postings: number) => stack.index.searchText(workspace, { words, stems: [], k: 50, postings });
      expect((await search(['planet', 'moons', 'rings'], 1)).passages).toHaveLength(12);
      expect((await search(['planet', '3', '4'], 13)).passages).toHaveLength(2);
      expect((await search(['planet', '3', '4'], 14)).passages).toHaveLength(12);
      expect((await search(['planet', 'nowhere', 'absent'], 1)).passages).toHaveLength(12);
    });

    it('gives the same passages unranked, or all that have the words while they are few', async () => {
      const ranked = new Set(await textIds(['planet', 'rings'], 50));
      for (const [k, postings] of [[50, 50], [2, 12]] as const) {
        const asked = { words: ['planet', 'rings'], stems: [], k, postings, unranked: true };
        const { passages, scores } = await stack.index.searchText(workspace, asked);
        expect(scores).toHaveLength(passages.length);
        const found = (await stack.index.passages(workspace, [...passages])).map((passage) => passage.externalId);
        expect([2, 12]).toContain(found.length);
        expect(new Set([...found, ...ranked])).toEqual(ranked);
      }
      const filter = { metadata: { kind: 'rock' } };
      expect((await stack.index.searchText(workspace, { words: ['planet'], stems: [], k: 50, postings: 50, unranked: true, filter })).passages).toHaveLength(6);
    });

    it.each<[string, PassageFilter, number]>([
      ['document ids', { documentIds: ['p3', 'p4'] }, 2],
      ['external ids', { externalIds: ['p3', 'nowhere'] }, 1],
      ['a time span', { from: '2020-01-03', to: '2020-01-05T00:00:00Z' }, 3],
      ['a value', { metadata: { kind: 'gas' } }, 6],
      ['one of several', { metadata: { year: { in: [1901, 1905, 7] } } }, 2],
      ['a range', { metadata: { year: { gte: 1903, lt: 1906 } } }, 3],
      ['an item of a list', { metadata: { tags: 't7' } }, 1],
      ['all of it at once', { metadata: { kind: 'rock', year: { gt: 1903 } }, to: '2020-01-08' }, 2],
      ['nothing', { metadata: { kind: 'ice' } }, 0],
      ['a key that is not there', { metadata: { colour: null } }, 0],
    ])('filters by %s inside both searches', async (_, given, count) => {
      const filter = given.documentIds === undefined ? given : { documentIds: given.documentIds.map((id) => documentIdOf(workspace.uid, id)) };
      expect(await textIds(['planet'], 50, filter)).toHaveLength(count);
      const hits = await stack.index.searchVectors(workspace, { vector: unit([1, 0, 0, 0]), k: 50, filter });
      expect(hits.passages).toHaveLength(count);
    });

    it('gives k results under a filter whenever k exist', async () => {
      expect(await textIds(['planet'], 3, { metadata: { kind: 'rock' } })).toHaveLength(3);
    });

    it('finds the nearest vectors by exact cosine', async () => {
      const asked = unit([1, 4, 1, 0.5]);
      const hits = await stack.index.searchVectors(workspace, { vector: asked, k: 3 });
      const cosine = (vector: Float32Array): number => vector.reduce((sum, value, i) => sum + value * (asked[i] ?? 0), 0);
      const exact = planets().map((planet) => cosine(planet.vectors?.[0] ?? new Float32Array(4))).sort((a, b) => b - a);
      for (const [i, score] of hits.scores.entries()) expect(score).toBeCloseTo(exact[i] ?? 0, 5);
      const again = await stack.index.similarities(workspace, asked, [...hits.passages]);
      for (const [i, score] of again.entries()) expect(score).toBeCloseTo(hits.scores[i] ?? 0, 6);
    });

    it('scores other passages too, filter or not', async () => {
      const asked = unit([1, 4, 1, 0.5]);
      const all = await stack.index.searchVectors(workspace, { vector: asked, k: 50 });
      const also = [...all.passages, 987_654];
      const hits = await stack.index.searchVectors(workspace, { vector: asked, k: 1, also, filter: { externalIds: ['p9'] } });
      expect(hits.passages).toHaveLength(1);
      expect([...hits.alsoScores]).toEqual([...all.scores, Number.NaN]);
      expect(all.alsoScores).toHaveLength(0);
    });

    it('refuses a vector of another dimension', async () => {
      await expect(stack.index.searchVectors(workspace, { vector: unit([1, 1]), k: 1 })).rejects.toMatchObject({ code: 'embedding-dimension-mismatch' });
    });

    it('reads passages with all that was stored, in the order asked, and leaves out what is gone', async () => {
      const hits = await stack.index.searchText(workspace, { words: ['3'], stems: [], k: 1 });
      const [key = 0] = hits.passages;
      const [passage, ...rest] = await stack.index.passages(workspace, [987_654, key]);
      expect(rest).toEqual([]);
      expect(passage).toMatchObject({ externalId: 'p3', documentTitle: 'Planet 3', lines: [1, 10], text: planets()[3]?.texts[0], metadata: { year: 1903 } });
      expect(await stack.index.labels(workspace, [key, 987_654])).toEqual(new Map([[key, { chunkId: passage?.chunkId, title: 'Planet 3' }]]));
      expect(await stack.index.labels(workspace, [])).toEqual(new Map());
      expect(await stack.index.chunks(workspace, ['nowhere', passage?.chunkId ?? ''])).toEqual([passage]);
    });

    it('lists documents page by page', async () => {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await stack.index.documents(workspace, { limit: 5, ...(cursor === undefined ? {} : { cursor }) });
        seen.push(...page.documents.map((document) => document.externalId));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      expect(seen).toEqual(planets().map((planet) => planet.id).sort());
    });

    it('reads one document, and says when there is none', async () => {
      const id = documentIdOf(workspace.uid, 'p7');
      expect(await stack.index.document(workspace, id)).toMatchObject({ id, externalId: 'p7', status: 'ready', chunks: 1 });
      await expect(stack.index.document(workspace, 'none')).rejects.toMatchObject({ code: 'document-not-found' });
      expect([...(await stack.index.contentHashes(workspace, ['p7', 'none'])).keys()]).toEqual(['p7']);
    });

    it('tells what changed since a version', async () => {
      const other = await stack.workspace();
      await publishAll(stack, other, planets().slice(0, 2));
      await publishAll(stack, other, planets().slice(2, 3));
      await stack.writer.deleteDocuments(other, [documentIdOf(other.uid, 'p0')]);
      const all = await stack.index.changesSince(other, 0);
      expect(all).toMatchObject({ indexVersion: 3, complete: true });
      expect(all.addedPassages).toHaveLength(2);
      expect(all.removedPassages).toHaveLength(1);
      const late = await stack.index.changesSince(other, 2);
      expect([late.addedPassages.length, late.removedPassages.length]).toEqual([0, 1]);
    });

    it('stops waiting when the signal is aborted', async () => {
      const signal = AbortSignal.abort(new Error('enough'));
      await expect(stack.index.searchText(workspace, { words: ['planet'], stems: [], k: 1 }, signal)).rejects.toThrow('enough');
    });
  });
}
