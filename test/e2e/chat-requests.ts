import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { WorkspaceService } from '../../src/graph/workspace.service.ts';
import { ADMIN_KEY, type RunningApp } from './start-app.ts';

/** One event of a stream. */
export interface EventOfStream {
  readonly event: string;
  readonly data: unknown;
}

/** The events of a whole stream. */
export function eventsIn(text: string): EventOfStream[] {
  return text
    .split('\n\n')
    .map((block) => /^event: (.*)\ndata: (.*)$/.exec(block))
    .flatMap((match) => (match === null ? [] : [{ event: match[1] ?? '', data: JSON.parse(match[2] ?? '') as unknown }]));
}

/** Adds a text through the service, and waits for its job; the workspace is made when there is none. */
export async function addDocument(running: RunningApp, document: { workspace: string; title: string; text: string; externalId?: string; metadata?: object }): Promise<string> {
  await running.app.get(WorkspaceService, { strict: false }).findOrCreate(document.workspace);
  const added = await running.call('post', '/documents').send(document);
  const { jobId } = added.body as { jobId?: string };
  if (jobId === undefined) throw new Error(`the document was refused: ${added.text}`);
  for (;;) {
    const { state, documentIds, errors } = (await running.call('get', `/jobs/${jobId}`)).body as { state: string; documentIds: string[]; errors: unknown };
    if (state === 'completed') return documentIds[0] ?? '';
    if (state === 'failed' || state === 'cancelled') throw new Error(`the job ended as ${state}: ${JSON.stringify(errors)}`);
    await delay(10);
  }
}

/** A request to POST /chat whose answer is read as it comes, and which can be left. */
export interface ReaderOfChat {
  readonly response: IncomingMessage;
  readonly text: string;
  /** Resolves when the answer has said this. */
  says(part: string): Promise<void>;
  leave(): void;
}

/** Asks as the instance admin. The reader is given back at once; its response is there when it `says` something. */
export function streamed(running: RunningApp, body: object): ReaderOfChat {
  const sent = request(`${running.url}/chat`, { method: 'POST', headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' } });
  sent.on('error', () => undefined);
  sent.end(JSON.stringify(body));
  let text = '';
  let answer: IncomingMessage | undefined;
  const arrived = once(sent, 'response').then(([response]: IncomingMessage[]) => {
    answer = response;
    response?.on('data', (part: Buffer) => (text += part.toString())).on('error', () => undefined);
  });
  // A reader that leaves before the answer begins has none to wait for.
  arrived.catch(() => undefined);
  return {
    get response() {
      if (answer === undefined) throw new Error('no answer yet');
      return answer;
    },
    get text() {
      return text;
    },
    says: async (part: string) => {
      await arrived;
      while (!text.includes(part)) await once(answer ?? sent, 'data');
    },
    leave: () => sent.destroy(),
  };
}
