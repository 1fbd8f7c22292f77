import type { AppError } from '../errors/app-error.ts';
import { checkedQuestion, MAX_QUESTION_LENGTH } from './question.ts';

function refusal(text: string): string {
  try {
    return checkedQuestion(text);
  } catch (error) {
    return (error as AppError).code;
  }
}

describe('checkedQuestion', () => {
  it('takes the white space off', () => {
    expect(checkedQuestion('  Who? \n')).toBe('Who?');
  });

  it.each(['', '   ', '\n\t\u00a0'])('refuses %j as empty', (text) => {
    expect(refusal(text)).toBe('question-empty');
  });

  it('takes a question of exactly the greatest length and refuses a longer one', () => {
    expect(checkedQuestion('x'.repeat(MAX_QUESTION_LENGTH))).toHaveLength(MAX_QUESTION_LENGTH);
    expect(refusal('x'.repeat(MAX_QUESTION_LENGTH + 1))).toBe('question-too-long');
  });
});
