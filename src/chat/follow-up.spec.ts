import { searchQuery } from './follow-up.ts';
import type { SessionTurn } from './session.types.ts';

const turn = (question: string): SessionTurn => ({ question, answer: 'An answer.', mode: 'extractive', citations: [], at: '2026-01-01T00:00:00.000Z' });
const before = [turn('Who designed the bridge?'), turn('When was the town hall of Ulm built?')];

describe('searchQuery', () => {
  it('is the question itself at the start of a conversation', () => {
    expect(searchQuery('And then?', [])).toBe('And then?');
  });

  it.each(['And in 2020?', 'Who paid for it back in those years of hunger?', 'Why?'])('takes the question before along for %j', (question) => {
    expect(searchQuery(question, before)).toBe(`When was the town hall of Ulm built? ${question}`);
  });

  it('is the question itself when that stands alone', () => {
    const question = 'Which river flows through Regensburg and Passau?';
    expect(searchQuery(question, before)).toBe(question);
  });

  it('is the question itself when that is long, pronouns or not', () => {
    const question = `Why did the council of Regensburg decide in spring that it ${'rebuilds '.repeat(20)}?`;
    expect(searchQuery(question, before)).toBe(question);
  });
});
