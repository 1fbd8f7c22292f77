import type { ChatModel } from '../../src/models/chat-model.port.ts';
import type { ChatMessage, ChatPart } from '../../src/models/models.types.ts';
import { callContext } from '../fixtures/gateway-stack.ts';

const MESSAGES: readonly ChatMessage[] = [
  { role: 'system', content: 'Answer in one sentence.' },
  { role: 'user', content: 'Who built the bridge?' },
];
const OPTIONS = { model: 'm' };

/** A chat model under test, and how to make it behave. */
export interface ChatModelSubject {
  readonly model: ChatModel;
  /** The next answers say this. */
  says(text: string): void;
  /** The next streamed answers end in the middle. */
  breaksOff(): void;
  /** The next streamed answers fall silent after their first part. */
  fallsSilent(): void;
  /** Resolves when the source of a stream has noticed that its reader left. */
  noticedLeaving(): Promise<void>;
  stop(): Promise<void>;
}

function textOf(parts: readonly ChatPart[]): string {
  return parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
}

/** What every ChatModel does. */
export function describeChatModel(name: string, open: () => Promise<ChatModelSubject>): void {
  describe(`${name} as a ChatModel`, () => {
    let subject: ChatModelSubject;
    beforeEach(async () => {
      subject = await open();
    });
    afterEach(async () => {
      await subject.stop();
    });

    it('is configured', () => {
      expect(subject.model.configured).toBe(true);
    });

    it('answers whole, with its usage and the reason of its end', async () => {
      subject.says('Ada Kern built it.');
      const { text, usage, finishReason } = await subject.model.complete(MESSAGES, OPTIONS, callContext());
      expect(text).toBe('Ada Kern built it.');
      expect(usage.promptTokens).toBeGreaterThan(0);
      expect(usage.completionTokens).toBeGreaterThan(0);
      expect(finishReason).toBe('stop');
    });

    it('streams parts in order and one end, last, with the usage', async () => {
      subject.says('Ada Kern built it, in 1832.');
      const parts = await Array.fromAsync(subject.model.stream(MESSAGES, OPTIONS, callContext()));
      expect(textOf(parts)).toBe('Ada Kern built it, in 1832.');
      expect(parts.findIndex((part) => part.kind === 'end')).toBe(parts.length - 1);
      expect(parts.at(-1)).toMatchObject({ usage: { promptTokens: 11, completionTokens: 7 } });
    });

    it('throws model-unavailable when an answer ends in the middle, after the parts that came', async () => {
      subject.says('Ada Kern built it.');
      subject.breaksOff();
      const parts: ChatPart[] = [];
      const reading = (async (): Promise<void> => {
        for await (const part of subject.model.stream(MESSAGES, OPTIONS, callContext())) parts.push(part);
      })();
      await expect(reading).rejects.toMatchObject({ code: 'model-unavailable', retryable: true });
      expect(textOf(parts).length).toBeGreaterThan(0);
    });

    it('cancels the call when the loop is left', async () => {
      subject.says('One two three four five.');
      subject.fallsSilent();
      for await (const part of subject.model.stream(MESSAGES, OPTIONS, callContext())) {
        expect(part.kind).toBe('text');
        break;
      }
      await subject.noticedLeaving();
    });

    it('rejects with the reason of a signal that is aborted before', async () => {
      const context = callContext('interactive', AbortSignal.abort(new Error('left before')));
      subject.says('Too late.');
      await expect(subject.model.complete(MESSAGES, OPTIONS, context)).rejects.toThrow('left before');
      await expect(Array.fromAsync(subject.model.stream(MESSAGES, OPTIONS, context))).rejects.toThrow('left before');
    });

    it('rejects with the reason of a signal that is aborted in the middle of a stream', async () => {
      const leaver = new AbortController();
      subject.says('One two three.');
      subject.fallsSilent();
      const reading = (async (): Promise<void> => {
        for await (const part of subject.model.stream(MESSAGES, OPTIONS, callContext('bulk', leaver.signal))) {
          expect(part.kind).toBe('text');
          setImmediate(() => {
            leaver.abort(new Error('left in the middle'));
          });
        }
      })();
      await expect(reading).rejects.toThrow('left in the middle');
    });
  });
}
