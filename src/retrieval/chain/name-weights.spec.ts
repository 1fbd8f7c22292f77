import { type HopColumns, LINK_MENTION, LINK_OWN_TITLE, type RaggedColumn } from '../../graph/retrieval-columns.types.ts';
import { RETRIEVAL_DEFAULTS } from '../retrieval-config.ts';
import { linksOf } from './links.ts';
import { nameWeights } from './name-weights.ts';
import { nameView } from './names.ts';
import { walkHop } from './walk.ts';

const ragged = (lists: readonly (readonly number[])[]): RaggedColumn => ({
  offsets: Int32Array.from([0, ...lists.map((_, i) => lists.slice(0, i + 1).flat().length)]),
  values: Int32Array.from(lists.flat()),
});

/** Passages 1 (its own title "anna", mentions "oslo") and 2 (mentions "oslo"); 3 is the page of "oslo". */
const COLUMNS: HopColumns = {
  passageCount: 100,
  names: {
    norms: ['oslo', 'anna'],
    keys: Int32Array.of(1, 2),
    walk: Uint8Array.of(1, 1),
    frequencies: Int32Array.of(3, 1),
    specificities: Float64Array.of(0.7, 1),
    titlePassages: ragged([[3], [1]]),
    mentionPassages: ragged([[1, 2], []]),
    inTitlePassages: ragged([[], []]),
    hasTitle: Uint8Array.of(1, 1),
  },
  links: ragged([[0, 1], [0]]),
  linkKinds: Uint8Array.of(LINK_MENTION, LINK_OWN_TITLE, LINK_MENTION),
  linkSentences: ragged([[0], [], [0]]),
  stemHits: ragged([[0, 0], []]),
};

describe('the weight of names in a hop', () => {
  it('is what flows over each: the weight of the passage times that of the link, summed over the beam', () => {
    const context = { idf: [1], asked: new Set<number>(), config: RETRIEVAL_DEFAULTS };
    const views = COLUMNS.names.norms.map((_, row) => nameView(COLUMNS.names, row));
    const weight = (passage: number, row: number): number => linksOf(COLUMNS, passage, views, context).find((link) => link.row === row)?.weight ?? 0;
    const beam = [{ passage: 1, weight: 2 }, { passage: 2, weight: 0.5 }];
    const { names } = walkHop(beam, COLUMNS, new Map(), context);
    expect(names.get('oslo')).toBeCloseTo(2 * weight(0, 0) + 0.5 * weight(1, 0));
    expect(names.get('anna')).toBeCloseTo(2 * weight(0, 1));
    expect(weight(0, 0)).toBeGreaterThan(0);
  });
});

describe('nameWeights', () => {
  it('sums over seeds and hops, heaviest first, equal ones by code unit, and keeps the heaviest', () => {
    const flows = [new Map([['ulm', 2], ['oslo', 1]]), new Map([['oslo', 1], ['linz', 0.5], ['nothing', 0]]), new Map([['graz', 0.5 + 1e-12]])];
    expect([...nameWeights(flows, 50)]).toEqual([['oslo', 2], ['ulm', 2], ['graz', 0.5], ['linz', 0.5]]);
    expect([...nameWeights(flows, 3)].map(([name]) => name)).toEqual(['oslo', 'ulm', 'graz']);
    expect(nameWeights([], 50).size).toBe(0);
  });
});
