import type { Extraction, WorkspaceRef } from '../../src/graph/graph.types.ts';
import { documentIdOf } from '../../src/graph/ids.types.ts';
import { type GivenSense, PASSAGES_TOLD, type StoredEntity } from '../../src/graph/stored-entities.port.ts';
import { type GraphStack, publishAll, type TestDocument } from '../fixtures/graph-stack.ts';

const said = (name: string, relation: string, to: string, more: { readonly description?: string; readonly aliases?: readonly string[] } = {}): Extraction => ({
  entities: [
    { name, type: 'Person', description: more.description ?? '', aliases: more.aliases ?? [] },
    { name: to, type: 'Place', description: '' },
  ],
  relations: [{ source: name, target: to, type: relation, description: '' }],
});
const DOCUMENTS: TestDocument[] = [
  { id: '1', title: 'One', texts: ['a', 'b'], extractions: [said('Ada Kern', 'lived in', 'Ulm', { description: 'an engineer of bridges', aliases: ['A. Kern'] }), said('ADA KERN', 'built in', 'Jena')] },
  { id: '2', title: 'Two', texts: ['c'], extractions: [said('A. Kern', 'died in', 'Trier', { description: 'engineer' })] },
  { id: '3', title: 'Three', texts: ['d'], extractions: [said('Ada Kern', 'taught in', 'Bonn', { description: 'engineer', aliases: ['Ada'] })] },
];

/** What every adapter of StoredEntities has to do. */
export function describeStoredEntities(name: string, open: () => Promise<GraphStack>): void {
  describe(`StoredEntities: ${name}`, () => {
    let stack: GraphStack;
    let workspace: WorkspaceRef;
    beforeEach(async () => {
      stack = await open();
      workspace = await stack.workspace();
      await publishAll(stack, workspace, DOCUMENTS);
    });
    afterEach(async () => {
      await stack.close();
    });

    const all = async (of: WorkspaceRef, limit = 1000): Promise<Map<string, StoredEntity>> => {
      const found = new Map<string, StoredEntity>();
      for (let after: string | undefined; ; ) {
        const page = await stack.entities.page(of, { limit, ...(after === undefined ? {} : { after }) });
        expect(page.entities.length).toBeLessThanOrEqual(limit);
        for (const entity of page.entities) {
          expect(found.has(entity.norm)).toBe(false);
          found.set(entity.norm, entity);
        }
        if (page.next === undefined) return found;
        after = page.next;
      }
    };
    const idOf = async (norm: string): Promise<string> => (await all(workspace)).get(norm)?.id ?? '';
    const shown = async (entity: string): Promise<string[]> => (await stack.graph.neighbourhood(workspace, { entity, depth: 1, limit: 20 })).nodes.map((node) => node.name).sort();

    it('keeps the senses of a name apart', async () => {
      const film = (sense: string): Extraction => ({ entities: [{ name: 'Dust', type: 'work', description: '', sense }], relations: [{ source: 'Dust', target: 'Ulm', type: 'made in', description: '' }] });
      await publishAll(stack, workspace, [{ id: 'a', title: 'Dust (1925 film)', texts: ['x'], extractions: [film('1925 film')] }, { id: 'b', title: 'Dust (1947 film)', texts: ['y'], extractions: [film('1947 film')] }]);
      const { entities } = await stack.entities.page(workspace, { limit: 1000 });
      expect(entities.filter(({ norm }) => norm === 'dust').map(({ sense, mentions }) => [sense, mentions]).sort()).toEqual([['1925 film', 1], ['1947 film', 1]]);
      expect(entities.filter(({ norm }) => norm === 'ulm').map(({ sense }) => sense)).toEqual(['', '']);
      const { nodes } = await stack.graph.neighbourhood(workspace, { entity: 'Dust', depth: 1, limit: 20 });
      expect(nodes.filter((node) => node.name !== 'Ulm').map((node) => [node.name, node.sense]).sort()).toEqual([['Dust', '1925 film'], ['Dust', '1947 film']]);
      expect(nodes.find((node) => node.name === 'Ulm')).not.toHaveProperty('sense');
    });

    it('tells every mention of an entity with what stands beside it, by chunk id', async () => {
      const [ada, ulm] = [await idOf('ada kern'), await idOf('ulm')];
      const mentions = await stack.entities.mentions(workspace, [ulm, ada, 'unknown']);
      expect([...mentions.keys()].sort()).toEqual([ada, ulm].sort());
      expect(mentions.get(ulm)).toEqual([{ passage: expect.any(Number), surface: 'Ulm', beside: ['ada kern'] }]);
      const told = mentions.get(ada) ?? [];
      const passages = await stack.index.passages(workspace, told.map(({ passage }) => passage));
      expect(passages.map(({ chunkId }) => chunkId)).toEqual(passages.map(({ chunkId }) => chunkId).sort());
      const said = passages.map(({ text }, i) => `${text}: ${told[i]?.surface ?? ''} beside ${told[i]?.beside.join() ?? ''}`);
      expect(said.sort()).toEqual(['a: Ada Kern beside ulm', 'b: ADA KERN beside jena', 'd: Ada Kern beside bonn']);
    });

    it('moves what documents say to another sense of a name, and back, and nothing is left of it', async () => {
      const given = (id: string, sense: string): GivenSense => ({ documentId: documentIdOf(workspace.uid, id), norm: 'ada kern', type: 'person', sense });
      const counts = async (): Promise<unknown> => {
        const { entities, relations } = await stack.workspaces.stats(workspace);
        return { entities, relations };
      };
      const everything = async (): Promise<unknown> => [(await stack.entities.page(workspace, { limit: 1000 })).entities.toSorted((a, b) => (a.id < b.id ? -1 : 1)), await stack.graph.neighbourhood(workspace, { depth: 3, limit: 100 }), await counts()];
      const before = await everything();
      expect(await stack.entities.giveSenses(workspace, [given('1', 'bridges'), given('3', 'schools'), given('2', 'none'), given('unknown', 'x')])).toBe(3);
      const { entities } = await stack.entities.page(workspace, { limit: 1000 });
      expect(entities.filter(({ norm }) => norm === 'ada kern').map(({ sense, mentions, aliases, description }) => [sense, mentions, aliases, description]).sort()).toEqual([
        ['bridges', 2, ['a kern'], 'an engineer of bridges'],
        ['schools', 1, ['ada'], 'engineer'],
      ]);
      const { nodes, edges } = await stack.graph.neighbourhood(workspace, { depth: 3, limit: 100 });
      const nameOf = new Map(nodes.map(({ id, name }) => [id, name]));
      const [schools] = entities.filter(({ sense }) => sense === 'schools');
      expect(edges.filter(({ source }) => source === schools?.id).map(({ target }) => nameOf.get(target))).toEqual(['Bonn']);
      expect(edges).toHaveLength(4);
      expect(await counts()).toEqual({ entities: 7, relations: 4 });
      expect(await stack.entities.giveSenses(workspace, [given('1', 'bridges')])).toBe(0);
      expect(await stack.entities.giveSenses(workspace, [given('1', ''), given('3', '')])).toBe(3);
      expect(await everything()).toEqual(before);
    });

    it.each([1, 2, 1000])('gives every entity once, with all that passages tell of it, %d a page', async (limit) => {
      const entities = await all(workspace, limit);
      expect([...entities.keys()].sort()).toEqual(['a kern', 'ada kern', 'bonn', 'jena', 'trier', 'ulm']);
      expect(entities.get('ada kern')).toMatchObject({ name: 'Ada Kern', type: 'person', aliases: ['a kern', 'ada'], mentions: 3, description: 'an engineer of bridges' });
      const passages = await stack.index.passages(workspace, entities.get('ada kern')?.passages ?? []);
      expect(passages.map(({ text }) => text).sort()).toEqual(['a', 'b', 'd']);
      expect(passages.map(({ chunkId }) => chunkId)).toEqual(passages.map(({ chunkId }) => chunkId).sort());
      expect(entities.get('ulm')).toMatchObject({ type: 'place', aliases: [], mentions: 1, description: '' });
    });

    it(`tells ${String(PASSAGES_TOLD)} passages of one that more mention, and counts all`, async () => {
      const texts = Array.from({ length: PASSAGES_TOLD + 5 }, (_, i) => `text ${String(i)}`);
      await publishAll(stack, workspace, [{ id: 'many', title: 'Many', texts, extractions: texts.map(() => said('Carl Wolf', 'knew', 'Ulm')) }]);
      const wolf = (await all(workspace)).get('carl wolf');
      expect([wolf?.passages.length, wolf?.mentions]).toEqual([PASSAGES_TOLD, PASSAGES_TOLD + 5]);
    });

    it('shows what was declared one as one, by whatever of its names it is asked for, and apart again', async () => {
      const before = await shown('Ulm');
      expect(await shown('Trier')).toEqual(['A. Kern', 'Trier']);
      expect(await stack.entities.declare(workspace, [{ entityId: await idOf('a kern'), intoId: await idOf('ada kern') }])).toBe(1);
      expect(await shown('Trier')).toEqual(['Ada Kern', 'Trier']);
      expect(await shown('A. Kern')).toEqual(['Ada Kern', 'Bonn', 'Jena', 'Trier', 'Ulm']);
      expect(await shown('Ada Kern')).toEqual(['Ada Kern', 'Bonn', 'Jena', 'Trier', 'Ulm']);
      expect(await stack.entities.merges(workspace)).toEqual([{ entityId: await idOf('a kern'), intoId: await idOf('ada kern') }]);
      await stack.entities.forget(workspace, [await idOf('a kern'), 'unknown']);
      expect(await stack.entities.merges(workspace)).toEqual([]);
      expect([await shown('Trier'), await shown('Ulm')]).toEqual([['A. Kern', 'Trier'], before]);
    });

    it('follows one declaration to the next, takes the last word, and leaves out what is not there', async () => {
      const [a, b, c] = [await idOf('ulm'), await idOf('jena'), await idOf('bonn')];
      await stack.entities.declare(workspace, [{ entityId: a, intoId: await idOf('trier') }]);
      expect(await stack.entities.declare(workspace, [{ entityId: a, intoId: b }, { entityId: b, intoId: c }, { entityId: 'none', intoId: c }, { entityId: c, intoId: 'none' }])).toBe(2);
      expect(await shown('Ada Kern')).toEqual(['Ada Kern', 'Bonn']);
      expect((await stack.entities.merges(workspace)).map(({ entityId }) => entityId)).toEqual([a, b].sort());
      // A circle comes to an end.
      await stack.entities.declare(workspace, [{ entityId: c, intoId: a }]);
      expect(await shown('Ada Kern')).toHaveLength(2);
    });

    it('still shows one thing when no document mentions any longer what stood for it', async () => {
      await stack.entities.declare(workspace, [{ entityId: await idOf('a kern'), intoId: await idOf('ada kern') }]);
      await stack.writer.deleteDocuments(workspace, ['1', '3'].map((id) => documentIdOf(workspace.uid, id)));
      expect(await shown('Trier')).toEqual(['A. Kern', 'Trier']);
      await publishAll(stack, workspace, DOCUMENTS.slice(0, 1));
      expect(await shown('Trier')).toEqual(['ADA KERN', 'Trier']);
    });

    it('touches no other workspace, and knows none that is not there', async () => {
      const other = await stack.workspace();
      await publishAll(stack, other, DOCUMENTS);
      const foreign = await all(other);
      const pair = [foreign.get('a kern')?.id ?? '', foreign.get('ada kern')?.id ?? ''] as const;
      expect(await stack.entities.declare(workspace, [{ entityId: pair[0], intoId: pair[1] }])).toBe(0);
      await stack.entities.declare(other, [{ entityId: pair[0], intoId: pair[1] }]);
      await stack.entities.forget(workspace, [pair[0]]);
      expect((await stack.entities.mentions(workspace, pair)).size).toBe(0);
      expect(await stack.entities.giveSenses(workspace, [{ documentId: documentIdOf(other.uid, '1'), norm: 'ada kern', type: 'person', sense: 'x' }])).toBe(0);
      expect([await stack.entities.merges(workspace), await stack.entities.merges(other)]).toEqual([[], [{ entityId: pair[0], intoId: pair[1] }]]);
      const none = { uid: 'never-made' };
      for (const call of [() => stack.entities.page(none, { limit: 5 }), () => stack.entities.merges(none), () => stack.entities.declare(none, [{ entityId: 'a', intoId: 'b' }]), () => stack.entities.mentions(none, ['a']), () => stack.entities.giveSenses(none, [{ documentId: 'd', norm: 'n', type: 'person', sense: 's' }])]) {
        await expect(call()).rejects.toMatchObject({ code: 'workspace-not-found' });
      }
    });
  });
}
