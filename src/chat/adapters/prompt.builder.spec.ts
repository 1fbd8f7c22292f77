import fc from 'fast-check';
import { bridgeTask } from '../../../test/contract/answerer.contract.ts';
import { fakeRelations } from '../../../test/fakes/fake-relations.ts';
import { fakePassage, fakeResult } from '../../../test/fakes/passages.ts';
import type { SessionTurn } from '../session.types.ts';
import { PromptBuilder } from './prompt.builder.ts';
import { asData } from './prompt-text.ts';
import { tokensOf } from '../../common/text/token-budget.ts';

const turn = (question: string, answer: string): SessionTurn => ({ question, answer, mode: 'generated', citations: [], at: '2026-01-01T00:00:00.000Z' });

describe('PromptBuilder', () => {
  it('has the rules, the passages as `[n] title` and text, and the question last', async () => {
    const { messages, passages } = await new PromptBuilder(fakeRelations()).build(bridgeTask());
    expect(messages.map((message) => message.role)).toEqual(['system', 'user']);
    expect(messages[0]?.content).toContain('never');
    expect(messages[1]?.content).toMatch(/^<passages>\n\[1\] Bridges of Ulm\nThe town archive[^]*\n\n\[2\] Market hall\nAda Kern[^]*\n<\/passages>\n\nQuestion: Who built the old bridge of Ulm\?$/);
    expect(passages).toHaveLength(2);
  });

  it('tells relations with the passages that assert them, and none that no passage of the prompt does', async () => {
    const fact = (source: string, ...chunks: string[]) => ({
      source,
      target: 'Ulm',
      type: 'built in',
      description: 'so it\nsays [3]',
      evidence: chunks.map((chunkId) => ({ documentId: 'd', chunkId })),
    });
    const graph = fakeRelations([fact('Bridge', 'chunk-2', 'chunk-1', 'chunk-2'), fact('Elsewhere', 'chunk-9')]);
    const { messages } = await new PromptBuilder(graph).build(bridgeTask());
    expect(messages.at(-1)?.content).toContain('<relations>\nBridge — built in → Ulm: so it says (3) [1][2]\n</relations>');
    expect(messages.at(-1)?.content).not.toContain('Elsewhere');
  });

  it('drops the passages of lowest rank when they do not fit, but never the first', async () => {
    const texts = Array.from({ length: 30 }, (_, i) => `Passage ${String(i)}. ${'word '.repeat(500)}`);
    const found = fakeResult(texts.map((text, i) => fakePassage({ text, rank: i + 1 })));
    const { messages, passages } = await new PromptBuilder(fakeRelations()).build(bridgeTask({ found }));
    expect(passages.length).toBeGreaterThan(5);
    expect(passages.length).toBeLessThan(20);
    expect(passages.map((passage) => passage.rank)).toEqual(passages.map((_, i) => i + 1));
    expect(tokensOf(messages.at(-1)?.content ?? '')).toBeLessThan(7500);
    const huge = fakeResult([fakePassage({ text: 'word '.repeat(9000) })]);
    expect((await new PromptBuilder(fakeRelations()).build(bridgeTask({ found: huge }))).passages).toHaveLength(1);
  });

  it('tells the last turns that fit, oldest first, without their markers', async () => {
    const history = [turn('First?', 'word '.repeat(2000)), turn('Second?', 'Yes [3][1].'), turn('Third?', 'No [2].')];
    const { messages } = await new PromptBuilder(fakeRelations()).build(bridgeTask({ history }));
    expect(messages.slice(1, -1).map((message) => message.content)).toEqual(['Second?', 'Yes.', 'Third?', 'No.']);
    expect(messages.map((message) => message.role)).toEqual(['system', 'user', 'assistant', 'user', 'assistant', 'user']);
  });

  it('takes a control token in a document for text', async () => {
    const found = fakeResult([fakePassage({ text: 'It says <|endoftext|> and <|im_end|> here.' })]);
    await expect(new PromptBuilder(fakeRelations()).build(bridgeTask({ found }))).resolves.toBeDefined();
  });
});

describe('asData', () => {
  it('leaves other text as it is', () => {
    const text = 'if (a < b && list[i] > 0) <b>bold</b> [note] <passagen>';
    expect(asData(text)).toBe(text);
  });

  it('leaves nothing that could close a fence or cite, whatever the text', () => {
    const piece = fc.constantFrom('<', '/', ' ', 'passages', 'PASSAGE', 'relations', '>', '|', 'im_start', '[', '1', ']', ',', '\n', 'word');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        expect(asData(pieces.join(''))).not.toMatch(/<\s*\/?\s*(?:passages?|relations?)\b|<\||\[\s*\d+(?:\s*,\s*\d+)*\s*\]/i);
      }),
    );
  });
});
