import { readdirSync, readFileSync } from 'node:fs';
import { SystemClock } from '../../src/common/clock/system-clock.ts';
import { normalForm } from '../../src/common/text/words.ts';
import { NameVectors } from '../../src/embedding/name-vectors.service.ts';
import { PASSAGES_TOLD, type StoredEntity } from '../../src/graph/stored-entities.port.ts';
import { extractByRules } from '../../src/ingestion/adapters/extraction/rules.ts';
import type { ExtractionChunk } from '../../src/ingestion/extractor.port.ts';
import { EntityResolver } from '../../src/ingestion/resolution/entity-resolver.service.ts';
import { withSenses } from '../../src/ingestion/resolution/senses.ts';
import { LABELLED_PAIRS } from '../fixtures/labelled-pairs.ts';
import { readJsonLines, sharedDataMissing, sharedFile } from '../fixtures/shared-data.ts';

const missing = sharedDataMissing();
const when = missing === undefined ? describe : describe.skip;
const TURNS_A_CHUNK = 10;

function chunksOf(set: string): ExtractionChunk[] {
  const whole = { blocks: [], speakers: [], alone: true };
  if (set !== 'qmsum') {
    const rows = readJsonLines<{ id: string; title: string; text: string }>(sharedFile('data', 'retrieval', set, 'corpus.jsonl'));
    return rows.map(({ id, title, text }) => ({ ...whole, documentExternalId: id, documentTitle: title, title, text }));
  }
  const folder = sharedFile('data', 'transcripts', 'qmsum');
  return readdirSync(folder).filter((name) => name.endsWith('.txt')).sort().flatMap((name) => {
    const lines = readFileSync(`${folder}/${name}`, 'utf8').trim().split('\n');
    return Array.from({ length: Math.ceil(lines.length / TURNS_A_CHUNK) }, (_, i) => {
      const turns = lines.slice(i * TURNS_A_CHUNK, (i + 1) * TURNS_A_CHUNK);
      const speakers = [...new Set(turns.map((turn) => turn.slice(0, Math.max(0, turn.indexOf(':')))).filter(Boolean))];
      const starts = turns.map((_turn, j) => turns.slice(0, j).join('\n').length + Math.min(j, 1));
      return { ...whole, blocks: starts, speakers, alone: false, documentExternalId: name, documentTitle: name, title: name, text: turns.join('\n') };
    });
  });
}

/** The entities of chunks as a store would tell them. */
function entitiesOf(chunks: readonly ExtractionChunk[]): StoredEntity[] {
  const found = new Map<string, { readonly norm: string; readonly type: string; readonly sense: string; readonly surfaces: Map<string, number>; readonly passages: number[] }>();
  for (const [passage, chunk] of chunks.entries()) {
    for (const { name, type, sense = '' } of withSenses(chunk.documentTitle, extractByRules(chunk)).entities) {
      const norm = normalForm(name);
      const id = `${norm}\n${type}\n${sense}`;
      const entity = found.get(id) ?? { norm, type, sense, surfaces: new Map<string, number>(), passages: [] };
      found.set(id, entity);
      entity.surfaces.set(name, (entity.surfaces.get(name) ?? 0) + 1);
      entity.passages.push(passage);
    }
  }
  return Array.from(found, ([id, { norm, type, sense, surfaces, passages }]) => {
    const [name = norm] = [...surfaces].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([surface]) => surface);
    return { id, norm, type, sense, name, aliases: [], mentions: passages.length, passages: passages.slice(0, PASSAGES_TOLD), description: '' };
  });
}

/** Of a large set the passages that name what is labelled. */
function isWanted(set: string): (chunk: ExtractionChunk) => boolean {
  if (set !== '2wiki') return () => true;
  const names = (LABELLED_PAIRS[set] ?? []).flatMap(([, ...pair]) => pair.map((called) => called.replace(/ \(\w+\)$/, '')));
  return ({ title, text }) => names.some((name) => title.includes(name) || text.includes(name));
}

when(`Resolution of the entities that rules find${missing === undefined ? '' : ` (${missing})`}`, () => {
  const resolver = new EntityResolver(new NameVectors(), new SystemClock());
  const judged: { readonly pair: string; readonly isOne: boolean; readonly isMerged: boolean }[] = [];

  it.each(Object.keys(LABELLED_PAIRS))('judges the labelled pairs of %s', async (set) => {
    const entities = entitiesOf(chunksOf(set).filter(isWanted(set)));
    const { merges } = await resolver.resolve(entities, { workspaceUid: set, apart: () => false });
    const intoOf = new Map(merges.map(({ entityId, intoId }) => [entityId, intoId]));
    const idOf = new Map(entities.map(({ id, name, type }) => [`${name} (${type})`, id]));
    const groupOf = (called: string): string => intoOf.get(idOf.get(called) ?? called) ?? idOf.get(called) ?? called;
    for (const [isOne, first, second] of LABELLED_PAIRS[set] ?? []) judged.push({ pair: `${first} | ${second}`, isOne, isMerged: groupOf(first) === groupOf(second) });
    expect(merges.length).toBeGreaterThan(10);
  }, 60_000);

  it('is right in at least 95 of 100 of the pairs it merges, and finds 80 of 100', () => {
    const right = judged.filter(({ isOne, isMerged }) => isOne && isMerged).length;
    const wrong = judged.filter(({ isOne, isMerged }) => !isOne && isMerged);
    const missed = judged.filter(({ isOne, isMerged }) => isOne && !isMerged);
    expect(right).toBeGreaterThan(100);
    expect({ isPrecise: right / (right + wrong.length) >= 0.95, right, wrong }).toMatchObject({ isPrecise: true });
    expect({ isComplete: right / (right + missed.length) >= 0.8, right, missed }).toMatchObject({ isComplete: true });
  });
});
