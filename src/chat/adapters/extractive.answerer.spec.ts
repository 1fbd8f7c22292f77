import { bridgeTask, describeAnswerer, gathered, partsOf } from '../../../test/contract/answerer.contract.ts';
import { fakePassage, fakeResult } from '../../../test/fakes/passages.ts';
import { ExtractiveAnswerer } from './extractive.answerer.ts';

describeAnswerer('ExtractiveAnswerer', () => new ExtractiveAnswerer());

const answerTo = async (query: string, texts: readonly string[]): Promise<ReturnType<typeof gathered>> => {
  const passages = texts.map((text, i) => fakePassage({ text, rank: i + 1 }));
  return gathered(await partsOf(new ExtractiveAnswerer().answer(bridgeTask({ question: query, query, found: fakeResult(passages, query) }))));
};

describe('ExtractiveAnswerer', () => {
  it('puts the sentence that supports the question best first, and says how it was made', async () => {
    const parts = await partsOf(new ExtractiveAnswerer().answer(bridgeTask()));
    expect(gathered(parts).text).toMatch(/^The old bridge of Ulm was built in 1832 by Ada Kern\. \[1\]/);
    expect(parts.at(-1)).toEqual({ kind: 'end', mode: 'extractive', usage: { promptTokens: 0, completionTokens: 0, costUsd: 0 } });
  });

  it('says nothing twice', async () => {
    const text = 'The dam of Kell holds forty million cubic metres of water.';
    const { citations } = await answerTo('How much water does the dam of Kell hold?', [text, text, text]);
    expect(citations).toHaveLength(1);
  });

  it('gives five sentences at most', async () => {
    const harbours = ['Kell at noon', 'Ulm after breakfast', 'Passau with bicycles', 'Linz past castles', 'Vienna overnight', 'Graz by canal', 'Bonn through locks'];
    const texts = harbours.map((harbour) => `A ferry sails daily to ${harbour}.`);
    const { citations } = await answerTo('Where does the ferry sail daily?', texts);
    expect(citations.length).toBeGreaterThan(1);
    expect(citations.length).toBeLessThanOrEqual(5);
  });

  it('says that there is nothing when passages share a word with the question, but not its matter', async () => {
    const query = 'What is the capital of Mongolia?';
    const passage = fakePassage({ text: 'The council spent its capital on new school buildings. Everybody was glad of it.' });
    const frequencies = { passageCount: 1000, byStem: new Map([['capit', 40], ['mongolia', 0]]) };
    const found = { ...fakeResult([passage]), frequencies };
    const { text, citations } = gathered(await partsOf(new ExtractiveAnswerer().answer(bridgeTask({ question: query, query, found }))));
    expect(text).toBe('The documents of this workspace hold nothing on this question.');
    expect(citations).toEqual([]);
  });

  it('says that there is nothing when the question holds no word to look for', async () => {
    expect((await answerTo('Who is he?', ['He is the mayor of the town, and has been for years.'])).citations).toEqual([]);
  });

  it('tells the line and the speaker of the quote itself', async () => {
    const text = 'Ada: The weather was fine all week long.\nCharles: The budget for the remote control is twelve euros fifty.';
    const passage = fakePassage({ text, lines: [10, 11], speaker: 'Ada' });
    const query = 'What is the budget for the remote control?';
    const { citations } = gathered(await partsOf(new ExtractiveAnswerer().answer(bridgeTask({ question: query, query, found: fakeResult([passage], query) }))));
    expect(citations[0]).toMatchObject({ lines: [11, 11], speaker: 'Charles' });
  });
});
