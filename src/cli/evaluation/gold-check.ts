import type { Workspace } from '../../graph/graph.types.ts';
import type { PassageIndex } from '../../graph/passage-index.port.ts';
import { EvaluationError } from './evaluation.errors.ts';
import type { SetQuestion } from './evaluation.types.ts';
import type { Question } from './question-set.ts';

const AT_ONCE = 500;
/** So many are named. */
const NAMED = 5;

function goldOf(question: Question): readonly string[] {
  return question.kind === 'lines' ? [question.document] : question.gold;
}

/**
 * Compares the documents that the questions name with those of the corpus.
 * @returns what to tell of questions that name a missing one; nothing when there is none
 * @throws EvaluationError when no question names a document that is there: the files do not belong together
 */
export async function checkGold(index: PassageIndex, workspace: Workspace, questions: readonly SetQuestion[]): Promise<string | undefined> {
  const ids = [...new Set(questions.flatMap(({ question }) => goldOf(question)))];
  const present = new Set<string>();
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    for (const id of (await index.contentHashes(workspace, ids.slice(at, at + AT_ONCE))).keys()) present.add(id);
  }
  if (present.size === 0) {
    throw new EvaluationError('The questions name no document of the corpus.', { remedy: 'Give each --corpus the --questions about it, in the same order.' });
  }
  const missing = ids.filter((id) => !present.has(id));
  if (missing.length === 0) return undefined;
  const touched = questions.filter(({ question }) => goldOf(question).some((id) => !present.has(id))).length;
  return `${String(touched)} questions name documents that the corpus does not have (${missing.slice(0, NAMED).join(', ')}${missing.length > NAMED ? ', …' : ''}): they cannot be found.`;
}
