import { AppError, type AppErrorOptions } from '../common/errors/app-error.ts';

/** Codes of faults of chats. */
export type ChatErrorCode = 'session-not-found';

/** Something about a chat is not as asked. */
export class ChatError extends AppError {
  constructor(code: ChatErrorCode, message: string, options?: AppErrorOptions) {
    super(code, message, options);
  }

  /** Said alike of a session that never was, one that has expired and one of somebody else. */
  static sessionNotFound(id: string): ChatError {
    return new ChatError('session-not-found', `There is no session "${id.slice(0, 80)}" of yours in this workspace.`, {
      remedy: 'Leave sessionId out to begin a new session, or list yours with GET /sessions.',
    });
  }
}
