import type { Extraction, WorkspaceRef } from '../../src/graph/graph.types.ts';
import { documentIdOf } from '../../src/graph/ids.types.ts';
import { LINK_MENTION, LINK_OWN_TITLE, LONG_LIST, type NameColumns, type RaggedColumn } from '../../src/graph/retrieval-columns.types.ts';
import { type GraphStack, publishAll, type TestDocument } from '../fixtures/graph-stack.ts';

const extraction = (source: string, type: string, target: string): Extraction => ({
  entities: [
    { name: source, type: 'Person', description: '' },
    { name: target, type: 'Place', description: '', aliases: target === 'Vienna' ? ['Wien'] : [] },
  ],
  relations: [{ source, target, type, description: `${source} ${type} ${target}` }],
});

const DOCUMENTS: TestDocument[] = [
  { id: '1', title: 'Anna Berger', texts: ['Anna Berger was born in Vienna. She met Karl Lindt.'], extractions: [extraction('Anna Berger', 'born in', 'Vienna')] },
  { id: '2', title: 'Vienna', texts: ['Vienna lies on the Danube.'] },
  { id: '3', title: 'Karl Lindt', texts: ['Karl Lindt lived in Vienna, near the Danube.'], extractions: [extraction('Karl Lindt', 'lived in', 'Vienna')] },
  { id: '4', title: 'Music of Vienna', texts: ['Songs and waltzes.'] },
];

const row = (column: RaggedColumn, i: number): number[] => [...column.values.subarray(column.offsets[i], column.offsets[i + 1])];
const targetsOf = ({ titlePassages, mentionPassages, inTitlePassages }: NameColumns): number[] => [titlePassages, mentionPassages, inTitlePassages].flatMap(({ values }) => [...values]);
const rowNamed = (names: NameColumns, norm: string): number => names.norms.indexOf(norm);

/** What every adapter of KnowledgeGraph has to do. */
export function describeKnowledgeGraph(name: string, open: () => Promise<GraphStack>): void {
  describe(`KnowledgeGraph: ${name}`, () => {
    let stack: GraphStack;
    let workspace: WorkspaceRef;
    let keyOf: Map<string, number>;

    beforeAll(async () => {
      stack = await open();
      workspace = await stack.workspace();
      await publishAll(stack, workspace, DOCUMENTS);
      keyOf = await keys(workspace);
    });
    afterAll(async () => {
      await stack.close();
    });

    async function keys(of: WorkspaceRef): Promise<Map<string, number>> {
      const { addedPassages } = await stack.index.changesSince(of, 0);
      return new Map((await stack.index.passages(of, [...addedPassages])).map((passage) => [passage.externalId, passage.key]));
    }
    const ids = (list: readonly number[]): string[] => [...keyOf].filter(([, key]) => list.includes(key)).map(([id]) => id).sort();

    it('knows which n-grams are names, and where they stand', async () => {
      const { names, passageCount } = await stack.graph.namesIn(workspace, { ngrams: ['vienna', 'waltzes', 'danube', 'music of vienna'], near: [] });
      expect(passageCount).toBe(4);
      expect(names.norms).toEqual(['vienna', 'danube', 'music of vienna']);
      expect([...names.walk]).toEqual([1, 1, 1]);
      expect([...names.hasTitle]).toEqual([1, 0, 1]);
      const vienna = rowNamed(names, 'vienna');
      expect(ids(row(names.titlePassages, vienna))).toEqual(['2']);
      expect(ids(row(names.mentionPassages, vienna))).toEqual(['1', '2', '3']);
      expect(ids(row(names.inTitlePassages, vienna))).toEqual(['4']);
      expect(names.frequencies[vienna]).toBe(3);
      expect(names.specificities[vienna]).toBeCloseTo(Math.log(1 + 4 / 4) / Math.log(1 + 4));
    });

    it('hops from passages over their names to others, with sentences and stems', async () => {
      const beam = ['1', '4'].map((id) => keyOf.get(id) ?? 0);
      const hop = await stack.graph.hop(workspace, { beam, near: [], stems: ['danub', 'met', 'music', 'vienna'] });
      const linked = row(hop.links, 0).map((name) => hop.names.norms[name]);
      expect(new Set(linked)).toEqual(new Set(['anna berger', 'vienna', 'karl lindt']));
      // Pairs of sentence and stem asked; the title is sentence -1.
      expect(row(hop.stemHits, 0)).toEqual([0, 3, 1, 1]);
      expect(row(hop.stemHits, 1)).toEqual([-1, 2, -1, 3]);
      const first = hop.links.offsets[0] ?? 0;
      for (const [i, name] of row(hop.links, 0).entries()) {
        const norm = hop.names.norms[name];
        const sentences = row(hop.linkSentences, first + i);
        if (hop.linkKinds[first + i] === LINK_OWN_TITLE) expect([norm, sentences]).toEqual(['anna berger', []]);
        else expect(hop.linkKinds[first + i]).toBe(LINK_MENTION);
        if (norm === 'karl lindt') expect(sentences).toEqual([1]);
      }
      expect(ids(targetsOf(hop.names))).toEqual(['1', '2', '3', '4']);
    });

    it('lets no target outside the filter in', async () => {
      const filter = { externalIds: ['1', '3'] };
      const hop = await stack.graph.hop(workspace, { beam: [keyOf.get('1') ?? 0], near: [], stems: [], filter });
      expect(ids(targetsOf(hop.names))).toEqual(['1', '3']);
      const { names } = await stack.graph.namesIn(workspace, { ngrams: ['vienna'], near: [], filter });
      expect(ids(targetsOf(names))).toEqual(['1', '3']);
    });

    it('cuts long lists to the near passages, titles too', async () => {
      const many = await stack.workspace();
      const count = LONG_LIST * 50;
      await publishAll(stack, many, Array.from({ length: count }, (_, i) => ({ id: String(i), title: 'Same Title', texts: [`Number ${String(i)} is in Oslo.`] })));
      const near = [...(await keys(many)).values()].slice(0, 3);
      const { names } = await stack.graph.namesIn(many, { ngrams: ['same title', 'oslo'], near });
      for (const name of ['same title', 'oslo']) {
        const lists = [...row(names.titlePassages, rowNamed(names, name)), ...row(names.mentionPassages, rowNamed(names, name))];
        expect(new Set(lists)).toEqual(new Set(near));
      }
      expect(names.frequencies[rowNamed(names, 'oslo')]).toBe(count);
    });

    describe('relationsOf', () => {
      const of = (ids: readonly string[], names: readonly string[] = [], limit = 10) =>
        stack.graph.relationsOf(workspace, { passages: ids.map((id) => keyOf.get(id) ?? 0), names, limit });

      it('gives the relations of passages, with their ends and what asserts them', async () => {
        const relations = await of(['3', '1', '2']);
        const born = relations.find(({ type }) => type === 'born in');
        expect(relations).toHaveLength(2);
        expect(born).toMatchObject({ source: { name: 'Anna Berger', norms: ['anna berger'] }, target: { name: 'Vienna', norms: ['vienna'] } });
        expect(born?.evidence).toEqual([
          { passage: keyOf.get('1'), documentId: documentIdOf(workspace.uid, '1'), chunkId: expect.any(String), description: 'Anna Berger born in Vienna' },
        ]);
      });

      it('tells of an end those of its aliases that were asked for, wherever they were told', async () => {
        const [relation] = await of(['3'], ['wien', 'danube']);
        expect(relation?.target.norms).toEqual(['vienna', 'wien']);
      });

      it('gives none of other passages, and not more than the limit', async () => {
        expect(await of(['2', '4'])).toEqual([]);
        expect(await of([])).toEqual([]);
        expect(await of(['1', '3'], [], 1)).toHaveLength(1);
      });

      it('has those asserted by more passages first, with evidence in the order asked', async () => {
        const other = await stack.workspace();
        const again = { id: '5', title: 'Lindt again', texts: ['Karl Lindt lived in VIENNA.'], extractions: [extraction('Karl Lindt', 'lived in', 'VIENNA')] };
        await publishAll(stack, other, [...DOCUMENTS, again]);
        const keysOfOther = await keys(other);
        const passages = ['5', '1', '3'].map((id) => keysOfOther.get(id) ?? 0);
        const [first, second] = await stack.graph.relationsOf(other, { passages, names: [], limit: 10 });
        expect(first).toMatchObject({ type: 'lived in', target: { name: 'Vienna' }, evidence: [{ passage: passages[0] }, { passage: passages[2] }] });
        expect(second).toMatchObject({ type: 'born in' });
      });

      it('has one end for entities that were declared one', async () => {
        const [born] = (await of(['1'])).map(({ source }) => source);
        const { nodes } = await stack.graph.neighbourhood(workspace, { entity: 'Vienna', depth: 1, limit: 10 });
        const id = (called: string): string => nodes.find((node) => node.name === called)?.id ?? '';
        await stack.entities.declare(workspace, [{ entityId: id('Karl Lindt'), intoId: id('Anna Berger') }]);
        expect((await of(['3']))[0]?.source.norms).toEqual(['anna berger', 'karl lindt']);
        await stack.entities.forget(workspace, [id('Karl Lindt')]);
        expect((await of(['1']))[0]?.source).toEqual(born);
      });
    });

    it.each(['Vienna', 'VIENNA', 'Wien'])('shows the surroundings of %s', async (entity) => {
      const picture = await stack.graph.neighbourhood(workspace, { entity, depth: 1, limit: 10 });
      expect(picture.nodes.map((node) => node.name).sort()).toEqual(['Anna Berger', 'Karl Lindt', 'Vienna']);
      expect(picture.edges).toHaveLength(2);
      expect(picture.edges[0]).toMatchObject({ weight: 1, evidence: [{ chunkId: expect.any(String) }] });
    });

    it('keeps to depth and limit, and knows when nobody is called so', async () => {
      expect((await stack.graph.neighbourhood(workspace, { entity: 'Vienna', depth: 0, limit: 10 })).nodes).toHaveLength(1);
      expect((await stack.graph.neighbourhood(workspace, { entity: 'Vienna', depth: 3, limit: 2 })).nodes).toHaveLength(2);
      expect((await stack.graph.neighbourhood(workspace, { depth: 1, limit: 10 })).nodes).toHaveLength(3);
      await expect(stack.graph.neighbourhood(workspace, { entity: 'Nobody', depth: 1, limit: 5 })).rejects.toMatchObject({ code: 'entity-not-found' });
    });

    it('shows merged entities as one, and apart again', async () => {
      const before = await stack.graph.neighbourhood(workspace, { entity: 'Vienna', depth: 1, limit: 10 });
      const id = (called: string): string => before.nodes.find((node) => node.name === called)?.id ?? '';
      await stack.entities.declare(workspace, [{ entityId: id('Karl Lindt'), intoId: id('Anna Berger') }]);
      expect((await stack.graph.neighbourhood(workspace, { entity: 'Vienna', depth: 1, limit: 10 })).nodes).toHaveLength(2);
      await stack.entities.forget(workspace, [id('Karl Lindt')]);
      expect(await stack.graph.neighbourhood(workspace, { entity: 'Vienna', depth: 1, limit: 10 })).toEqual(before);
    });

    it('takes what an extraction names for names of the passage, and an alias for the name behind it', async () => {
      const named = await stack.workspace();
      const given: Extraction = {
        givesNames: true,
        entities: [
          { name: 'International Widget Company', type: 'organisation', description: '', aliases: ['IWC', 'the', 'x', ''] },
          { name: 'river police', type: 'organisation', description: '' },
          { name: '1984', type: 'date', description: '' },
        ],
        relations: [],
      };
      await publishAll(stack, named, [
        { id: 'page', title: 'International Widget Company', texts: ['It makes widgets.'] },
        { id: 'says', title: 'Old story', texts: ['It was long ago. There the river police of 1984 came.'], extractions: [given] },
        { id: 'also', title: 'New story', texts: ['Nobody saw the river police.'], extractions: [{ ...given, entities: given.entities.slice(1) }] },
        { id: 'none', title: 'Third story', texts: ['The river police and the IWC were there.'] },
      ]);
      const key = await keys(named);
      const idsOf = (list: readonly number[]): string[] => [...key].filter(([, each]) => list.includes(each)).map(([id]) => id).sort();
      const { names } = await stack.graph.namesIn(named, { ngrams: ['iwc', 'river police', 'x', 'the', '1984'], near: [] });
      expect(names.norms).toEqual(['iwc', 'river police']);
      expect([...names.walk]).toEqual([1, 1]);
      // By its alias the company's page is found, and what has the alias itself.
      expect(idsOf(row(names.titlePassages, 0))).toEqual(['page']);
      expect(idsOf(row(names.mentionPassages, 0))).toEqual(expect.arrayContaining(['none', 'says']));
      // A given name needs no capital in its own passages; elsewhere it does.
      expect(idsOf(row(names.mentionPassages, 1))).toEqual(['also', 'says']);
      const hop = await stack.graph.hop(named, { beam: [key.get('says') ?? 0], near: [], stems: [] });
      const link = row(hop.links, 0).findIndex((name) => hop.names.norms[name] === 'river police');
      expect(row(hop.linkSentences, (hop.links.offsets[0] ?? 0) + link)).toEqual([1]);
    });

    it('forgets relations and entities with their last passage', async () => {
      const other = await stack.workspace();
      await publishAll(stack, other, DOCUMENTS);
      await stack.writer.deleteDocuments(other, [documentIdOf(other.uid, '1')]);
      const picture = await stack.graph.neighbourhood(other, { entity: 'Vienna', depth: 1, limit: 10 });
      expect(picture.nodes.map((node) => node.name).sort()).toEqual(['Karl Lindt', 'Vienna']);
      await expect(stack.graph.neighbourhood(other, { entity: 'Anna Berger', depth: 1, limit: 5 })).rejects.toMatchObject({ code: 'entity-not-found' });
    });
  });
}
