import type { KnowledgeGraph, NamesQuery } from '../../graph/knowledge-graph.port.ts';
import { graphFetchPlot } from './graph-fetch-plot.ts';
import { namesInQuestions } from './named-entities.ts';

/** A graph that knows these names and counts what it is asked. */
function graphOf(names: readonly string[], asked: string[][] = []): KnowledgeGraph {
  const namesIn = (_workspace: unknown, { ngrams }: NamesQuery): Promise<unknown> => {
    asked.push([...ngrams]);
    return Promise.resolve({ passageCount: 1, names: { norms: ngrams.filter((ngram) => names.includes(ngram)) } });
  };
  return { namesIn } as unknown as KnowledgeGraph;
}

describe('namesInQuestions', () => {
  const find = (names: readonly string[], questions: readonly string[]): Promise<string[]> => namesInQuestions(graphOf(names), { uid: 'w' }, questions);

  it('finds the longest names that do not overlap, in the order of the questions, each once', async () => {
    const names = ['mary shelley', 'mary', 'shelley', 'lord byron', 'geneva'];
    const questions = ['Did Lord Byron meet Mary Shelley?', 'Who was Mary in Geneva, and who was Lord Byron?'];
    expect(await find(names, questions)).toEqual(['lord byron', 'mary shelley', 'mary', 'geneva']);
  });

  it('leaves out what the graph does not know', async () => {
    expect(await find(['geneva'], ['Where is Basel?', ''])).toEqual([]);
  });

  it('asks for each n-gram once, a few hundred at a time', async () => {
    const asked: string[][] = [];
    const long = Array.from({ length: 200 }, (_, i) => `Name${String(i)}`).join(' ');
    await namesInQuestions(graphOf([], asked), { uid: 'w' }, [long, long]);
    expect(asked.length).toBeGreaterThan(1);
    expect(asked.every((each) => each.length <= 500)).toBe(true);
    expect(new Set(asked.flat()).size).toBe(asked.flat().length);
  });
});

describe('graphFetchPlot', () => {
  it('draws latencies and throughput of every row', () => {
    const row = (callers: number): Record<string, number> => ({ callers, perSecond: 100 * callers, p50Ms: 2, p95Ms: 4, p99Ms: 6 });
    const svg = graphFetchPlot([row(1), row(20)], 'here');
    expect(svg.match(/<circle /g)).toHaveLength(2 * 4);
    expect(svg).toContain('Throughput');
  });
});
