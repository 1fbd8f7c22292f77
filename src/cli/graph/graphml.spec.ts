import fc from 'fast-check';
import { HOSTILE_TEXTS, NOT_XML, openElements } from '../../../test/fixtures/xml-elements.ts';
import type { GraphPicture } from '../../graph/graph.types.ts';
import { graphMl } from './graphml.ts';

const evidence = [{ documentId: 'd1', chunkId: 'c1' }];
const pictureOf = (name: string, type = 'person', id = 'a'): GraphPicture => ({
  nodes: [{ id, name, type, degree: 2 }, { id: 'b', name: 'Bern', type: 'place', degree: 1 }],
  edges: [{ source: id, target: 'b', type, weight: 3, evidence }, { source: id, target: id, type: 'is', weight: 1, evidence: [] }],
});

describe('graphMl', () => {
  it('declares every key it uses, and tells nodes and edges', () => {
    const xml = graphMl(pictureOf('Ada'));
    const declared = new Set(Array.from(xml.matchAll(/<key id="(\w+)"/g), ([, id]) => id));
    const used = new Set(Array.from(xml.matchAll(/<data key="(\w+)"/g), ([, id]) => id));
    expect(used).toEqual(declared);
    expect(xml).toContain('<node id="a"><data key="label">Ada</data><data key="type">person</data><data key="degree">2</data></node>');
    const { nodes, edges } = pictureOf('Ada');
    expect(graphMl({ nodes: nodes.map((node) => ({ ...node, sense: 'born 1874' })), edges })).toContain('<data key="label">Ada (born 1874)</data>');
    expect(xml).toContain('<edge id="e0" source="a" target="b"><data key="relation">person</data><data key="weight">3</data>');
    expect(xml).toContain('[{&quot;documentId&quot;:&quot;d1&quot;,&quot;chunkId&quot;:&quot;c1&quot;}]');
  });

  it('is well-formed whatever names, types and ids say', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...HOSTILE_TEXTS));
    fc.assert(
      fc.property(text, text, text, (name, type, id) => {
        const xml = graphMl(pictureOf(name, type, id));
        expect(openElements(xml)).toEqual([]);
        expect(xml).not.toMatch(NOT_XML);
        const ids = Array.from(xml.matchAll(/<node id="([^"]*)"/g), ([, each]) => each);
        for (const [, source, target] of xml.matchAll(/<edge id="e\d+" source="([^"]*)" target="([^"]*)"/g)) expect(ids).toEqual(expect.arrayContaining([source, target]));
        expect(ids.every((each) => /^[\w.:-]+$/.test(each ?? ''))).toBe(true);
      }),
    );
  });

  it('is a graph even when nothing is in it', () => {
    const xml = graphMl({ nodes: [], edges: [] });
    expect(openElements(xml)).toEqual([]);
    expect(xml).toContain('<graph edgedefault="directed">');
  });
});
