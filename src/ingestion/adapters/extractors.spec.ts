import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeExtractor, extractionChunk, extractionContext } from '../../../test/contract/extractor.contract.ts';
import { FakeChatModel } from '../../../test/fakes/fake-chat-model.ts';
import { SystemClock } from '../../common/clock/system-clock.ts';
import { loadSettings } from '../../config/load-settings.ts';
import { ModelError } from '../../models/models.errors.ts';
import { FileExtractor, loadExtractions } from './extractions-file.adapter.ts';
import { ModelExtractor } from './model-extractor.adapter.ts';
import { RulesExtractor } from './rules-extractor.adapter.ts';

const rules = new RulesExtractor(new SystemClock());

/** A model that extracts one entity a chunk, as agreed, unless the next replies say otherwise. */
class ExtractingModel extends FakeChatModel {
  replies: string[] = [];

  override async complete(...call: Parameters<FakeChatModel['complete']>): ReturnType<FakeChatModel['complete']> {
    const question = JSON.parse(call[0].at(-1)?.content ?? '') as { chunks: { index: number; text: string }[] };
    const chunks = question.chunks.map(({ index, text }) => ({ index, entities: [{ name: text.slice(0, 20) || 'Nothing', type: 'Thing', description: '' }], relations: [] }));
    this.parts = [this.replies.shift() ?? JSON.stringify({ chunks })];
    return await super.complete(...call);
  }
}

function modelExtractor(model: FakeChatModel, env: Record<string, string> = {}): ModelExtractor {
  const { ingestion, models } = loadSettings({ OPENAI_BASE_URL: 'http://127.0.0.1:9/v1', EXTRACTION_MODEL: 'extract', INGEST_BATCH_SIZE: '2', ...env });
  return new ModelExtractor(model, ingestion, models);
}

const given = { passage: 'doc', aliases: { Delft: ['Delph'] }, entities: ['Anna Bloem', 'Delft'], triples: [['Anna Bloem', 'Lives In', 'Delft'] as const], faults: [] };

describeExtractor('RulesExtractor', () => rules);
describeExtractor('FileExtractor', () => new FileExtractor(new Map([['doc', given]]), rules));
describeExtractor('ModelExtractor', () => modelExtractor(new ExtractingModel()));

describe('RulesExtractor', () => {
  const extract = async (...chunk: Parameters<typeof extractionChunk>): Promise<{ entities: string[]; relations: string[] }> => {
    const [found] = await rules.extract([extractionChunk(...chunk)], extractionContext());
    return {
      entities: found?.entities.map(({ name, type }) => `${name}: ${type}`) ?? [],
      relations: found?.relations.map(({ source, type, target }) => `${source} | ${type} | ${target}`) ?? [],
    };
  };

  it('finds names as they are written, their types, and the phrases between them', async () => {
    const text = 'Teutberga was a queen of Lotharingia by marriage to Lothair II. She was a daughter of Bosonid Boso the Elder. The University of Zürich was not in Zürich’s centre.';
    const found = await extract(text, { documentTitle: 'Teutberga' });
    expect(found.entities).toEqual(expect.arrayContaining(['Teutberga: person', 'Lothair II: person', 'University of Zürich: organisation', 'Zürich: other']));
    expect(found.relations).toEqual(
      expect.arrayContaining(['Teutberga | was a queen of | Lotharingia', 'Teutberga | was a daughter of | Bosonid Boso the Elder', 'University of Zürich | was not in | Zürich']),
    );
  });

  it('takes the speakers of a transcript for persons and its file name for no entity', async () => {
    const text = 'Ann Lee: We go to Delft.\nBob: Fine.';
    const found = await extract(text, { documentTitle: 'Meeting 15', blocks: [0, 25], speakers: ['Ann Lee', 'Bob'] });
    expect(found.entities).toEqual(expect.arrayContaining(['Ann Lee: person', 'Bob: person', 'Delft: other']));
    expect(found.entities.join()).not.toContain('Meeting');
  });

  it('stays bounded on a text of names alone', async () => {
    const names = Array.from({ length: 500 }, (_, i) => `Person${String(i)} met Town${String(i)}.`).join(' ');
    const found = await extract(names);
    expect(found.entities.length).toBeLessThanOrEqual(60);
    expect(found.relations.length).toBeLessThanOrEqual(40);
  });
});

describe('FileExtractor', () => {
  it('loads a file, tells what is malformed with its line, and gives each chunk of a document what it names', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'extractions-'));
    const file = join(folder, 'triples.jsonl');
    const triples = [['Anna', 'knows', 'Bob'], ['Anna', 'knows'], ['Bob', 'lives in', 'Delft'], 'x', ['', 'a', 'b']];
    await writeFile(file, `${JSON.stringify({ passage: 'doc', entities: ['Anna', 7], triples })}\n\nno json\n{"entities":[]}\n`);
    const warnings: string[] = [];
    const extractor = new FileExtractor(await loadExtractions(file, (message) => warnings.push(message)), rules);
    await rm(folder, { recursive: true });
    expect(warnings.map((warning) => /line (\d)/.exec(warning)?.[1])).toEqual(['1', '1', '1', '1', '3', '4']);
    const parts = ['Anna and Bob.', 'Bob is in Delft.'].map((text) => extractionChunk(text, { alone: false }));
    const [first, second] = await extractor.extract(parts, extractionContext());
    expect(first?.relations).toEqual([{ source: 'Anna', type: 'knows', target: 'Bob', description: '' }]);
    expect(second?.relations).toEqual([{ source: 'Bob', type: 'lives in', target: 'Delft', description: '' }]);
    expect(extractor.kindOf('doc')).toMatch(/^file\./);
    expect(extractor.kindOf('another')).toBe('rules');
  });

  it('refuses a file without any extraction', async () => {
    await expect(loadExtractions('/nowhere/at/all.jsonl', () => undefined)).rejects.toMatchObject({ code: 'source-not-found' });
  });
});

describe('ModelExtractor', () => {
  const chunks = ['Alpha', 'Beta', 'Gamma'].map((text) => extractionChunk(text));

  it('asks for a few chunks a call in the agreed form', async () => {
    const model = new ExtractingModel();
    const context = extractionContext();
    const found = await modelExtractor(model).extract(chunks, context);
    expect(found.map(({ entities }) => entities[0]?.name)).toEqual(['Alpha', 'Beta', 'Gamma']);
    expect(context.calls).toBe(2);
    const [call] = model.calls;
    expect(call?.messages.map(({ role }) => role)).toEqual(['system', 'user']);
    expect(JSON.parse(call?.messages[1]?.content ?? '')).toEqual({ chunks: [{ index: 0, title: 'Rotterdam', text: 'Alpha' }, { index: 1, title: 'Rotterdam', text: 'Beta' }] });
    expect(call?.options).toMatchObject({ model: 'extract', jsonSchema: { name: 'extraction' } });
    expect(call?.context).toMatchObject({ lane: 'bulk', workspaceUid: 'uid', operation: 'extract' });
  });

  it('gives malformed JSON one repair turn, asks once more for what was left out, and tells what is still missing', async () => {
    const model = new ExtractingModel();
    const missing = JSON.stringify({ chunks: [{ index: 0, entities: [{ name: 'A', type: 'x', description: '' }], relations: [{ source: 'A', target: 'Z', type: 't' }] }] });
    model.replies = ['{"chunks":', missing, 'no', 'no'];
    const context = extractionContext();
    const [first, second] = await modelExtractor(model).extract(chunks.slice(0, 2), context);
    expect(first).toEqual({ givesNames: true, entities: [{ name: 'A', type: 'x', description: '' }], relations: [] });
    expect(second).toEqual({ entities: [], relations: [] });
    expect([context.calls, context.warnings.length]).toEqual([4, 1]);
    expect(model.calls[1]?.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'system', 'user']);
  });

  it('lets rules stand in while the model is away, and says for which chunks', async () => {
    const model = new FakeChatModel();
    model.ending = 'fail';
    const context = extractionContext();
    expect(await modelExtractor(model).extract(chunks, context)).toEqual(await rules.extract(chunks, extractionContext()));
    expect(context.standIns).toEqual([0, 1, 2]);
    expect(context.kept.size).toBe(0);
    expect(context.warnings[0]).toContain('reindex --upgrade');
  });

  it('keeps what the model had answered when it goes away in the middle of a batch', async () => {
    const model = new ExtractingModel();
    model.replies = [JSON.stringify({ chunks: [{ index: 0, entities: [{ name: 'A', type: 'x', description: '' }], relations: [] }] })];
    const asked = model.complete.bind(model);
    model.complete = async (...call): ReturnType<FakeChatModel['complete']> => {
      if (model.calls.length > 0) model.ending = 'fail';
      return await asked(...call);
    };
    const context = extractionContext();
    const [first, second] = await modelExtractor(model).extract(chunks.slice(0, 2), context);
    expect([first?.entities[0]?.name, second?.entities[0]?.name]).toEqual(['A', 'Rotterdam']);
    expect([[...context.kept.keys()], context.standIns]).toEqual([[0], [1]]);
  });

  it('passes on what the model server refuses for good', async () => {
    const model = new FakeChatModel();
    model.complete = (): never => { throw new ModelError('model-rejected', 'no such key'); };
    await expect(modelExtractor(model).extract(chunks, extractionContext())).rejects.toMatchObject({ code: 'model-rejected' });
  });

  it('says what is missing when no model is set', () => {
    const { ingestion, models } = loadSettings({});
    expect(() => { new ModelExtractor(new FakeChatModel(), ingestion, models).assertConfigured(); }).toThrow(/no extraction model is set/);
  });
});
