import type { AnswerMode, Citation } from './chat.types.ts';

/** A question of a session and its answer. */
export interface SessionTurn {
  readonly question: string;
  readonly answer: string;
  readonly mode: AnswerMode;
  readonly citations: readonly Citation[];
  /** ISO 8601. */
  readonly at: string;
}

/** A session as it is listed. */
export interface SessionSummary {
  readonly id: string;
  /** The first question, shortened. */
  readonly title: string;
  /** Questions so far; of a long session only the last ones are kept. */
  readonly turns: number;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A session with the turns that are kept, oldest first. */
export interface Session extends Omit<SessionSummary, 'turns'> {
  readonly turns: readonly SessionTurn[];
}
