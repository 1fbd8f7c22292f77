import { RequestError } from '../errors/request.errors.ts';

/** No question is longer, in UTF-16 code units. */
export const MAX_QUESTION_LENGTH = 100_000;

/**
 * A question without white space around it.
 * @throws RequestError `question-empty`, `question-too-long`
 */
export function checkedQuestion(text: string): string {
  const question = text.trim();
  if (question === '') {
    throw new RequestError('question-empty', 'The question is empty.', { remedy: 'Send a question of at least one character that is not white space.' });
  }
  if (question.length > MAX_QUESTION_LENGTH) {
    throw new RequestError('question-too-long', `The question has ${String(question.length)} characters; at most ${String(MAX_QUESTION_LENGTH)} are read.`, {
      remedy: 'Shorten it; what is long belongs into a document.',
      details: { limit: MAX_QUESTION_LENGTH, length: question.length },
    });
  }
  return question;
}
