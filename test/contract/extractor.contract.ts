import type { Extraction } from '../../src/graph/graph.types.ts';
import type { ExtractionChunk, ExtractionContext, Extractor } from '../../src/ingestion/extractor.port.ts';

/** A chunk of a document of its own. */
export function extractionChunk(text: string, over: Partial<ExtractionChunk> = {}): ExtractionChunk {
  return { documentExternalId: 'doc', documentTitle: 'Rotterdam', title: 'Rotterdam', text, blocks: [0], speakers: [], alone: true, ...over };
}

/** A context that keeps what it is told. */
export function extractionContext(signal?: AbortSignal): ExtractionContext & { warnings: string[]; calls: number; kept: Map<number, Extraction>; standIns: number[] } {
  const context = {
    workspaceUid: 'uid',
    warnings: [] as string[],
    calls: 0,
    kept: new Map<number, Extraction>(),
    standIns: [] as number[],
    warn: (message: string): void => void context.warnings.push(message),
    countModelCall: (): void => void (context.calls += 1),
    keep: (extractions: ReadonlyMap<number, Extraction>): Promise<void> => {
      for (const [index, extraction] of extractions) context.kept.set(index, extraction);
      return Promise.resolve();
    },
    standIn: (index: number): void => void context.standIns.push(index),
    ...(signal === undefined ? {} : { signal }),
  };
  return context;
}

const TEXTS = [
  'Rotterdam is a city. Anna Bloem was born in Rotterdam and married Jan Vos in Delft.',
  '',
  'nothing to be named here',
  'Alpha Beta met Gamma Delta. '.repeat(200),
  'ALL CAPITALS '.repeat(300),
];

/** What every Extractor does. */
export function describeExtractor(name: string, open: () => Extractor): void {
  describe(`${name} as an Extractor`, () => {
    it('gives one extraction a chunk, in order, and none for none', async () => {
      const extractor = open();
      const chunks = TEXTS.map((text, i) => extractionChunk(text, { documentExternalId: `doc ${String(i)}` }));
      expect(await extractor.extract([], extractionContext())).toEqual([]);
      const all = await extractor.extract(chunks, extractionContext());
      expect(all).toHaveLength(chunks.length);
      for (const [i, chunk] of chunks.entries()) expect(all[i]).toEqual((await extractor.extract([chunk], extractionContext()))[0]);
    });

    it('relates only entities of the same chunk, under their own names', async () => {
      for (const { entities, relations } of await open().extract(TEXTS.map((text) => extractionChunk(text)), extractionContext())) {
        const names = new Set(entities.map((entity) => entity.name));
        expect(names.size).toBe(entities.length);
        for (const { source, target, type } of relations) {
          expect(names).toContain(source);
          expect(names).toContain(target);
          expect(type).not.toBe('');
        }
      }
    });

    it('keeps what has a key before it gives it, under the place of its chunk', async () => {
      const extractor = open();
      const chunks = TEXTS.map((text, i) => extractionChunk(text, { documentExternalId: `doc ${String(i)}` }));
      const context = extractionContext();
      const all = await extractor.extract(chunks, context);
      const paid = chunks.flatMap((chunk, i) => (extractor.journalKeyOf(chunk) === undefined ? [] : [i]));
      expect([...context.kept.keys()].toSorted((a, b) => a - b)).toEqual(paid);
      for (const [i, extraction] of context.kept) expect(all[i]).toEqual(extraction);
      for (const chunk of chunks) {
        expect(extractor.journalKeyOf(chunk)).toBe(extractor.journalKeyOf({ ...chunk }));
        if (extractor.journalKeyOf(chunk) !== undefined) expect(extractor.journalKeyOf({ ...chunk, text: `${chunk.text}!` })).not.toBe(extractor.journalKeyOf(chunk));
      }
      expect(extractor.pace.callsAtOnce).toBeGreaterThan(0);
      expect(extractor.pace.chunksPerCall).toBeGreaterThan(0);
    });

    it('names its way without spaces, the same each time', () => {
      const extractor = open();
      expect(extractor.kindOf('doc')).toMatch(/^[\w.]+$/);
      expect(extractor.kindOf('doc')).toBe(extractor.kindOf('doc'));
    });

    it('stops with the reason of an abort', async () => {
      const signal = AbortSignal.abort(new Error('enough'));
      await expect(open().extract([extractionChunk('Anna Bloem lives in Delft.')], extractionContext(signal))).rejects.toThrow('enough');
    });
  });
}
