import { checkedQuestion, MAX_QUESTION_LENGTH } from './question.ts';

describe('checkedQuestion', () => {
  it('takes the white space off', () => {
    expect(checkedQuestion('  Who? \n')).toBe('Who?');
  });

  it.each(['', '   ', '\n\t\u00a0'])('refuses %j as empty', (text) => {
    expect(() => checkedQuestion(text)).toThrow(expect.objectContaining({ code: 'question-empty' }));
  });

  it('takes a question of exactly the greatest length and refuses a longer one', () => {
    expect(checkedQuestion('x'.repeat(MAX_QUESTION_LENGTH))).toHaveLength(MAX_QUESTION_LENGTH);
    expect(() => checkedQuestion('x'.repeat(MAX_QUESTION_LENGTH + 1))).toThrow(expect.objectContaining({ code: 'question-too-long' }));
  });
});
