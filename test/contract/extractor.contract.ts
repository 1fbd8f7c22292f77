import type { ExtractionChunk, ExtractionContext, Extractor } from '../../src/ingestion/extractor.port.ts';

/** A chunk of a document of its own. */
export function extractionChunk(text: string, over: Partial<ExtractionChunk> = {}): ExtractionChunk {
  return { documentExternalId: 'doc', documentTitle: 'Rotterdam', title: 'Rotterdam', text, blocks: [0], speakers: [], alone: true, ...over };
}

/** A context that keeps what it is told. */
export function extractionContext(signal?: AbortSignal): ExtractionContext & { warnings: string[]; calls: number } {
  const context = {
    workspaceUid: 'uid',
    warnings: [] as string[],
    calls: 0,
    warn: (message: string): void => void context.warnings.push(message),
    countModelCall: (): void => void (context.calls += 1),
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
