import type { ConversionLimits, ReadBlock, ReadFacts } from '../conversion.types.ts';
import { ReadFault } from '../read-fault.ts';
import { type Turn, turnsIn } from '../turns.ts';

/** JSON of turns: a list, or an object that holds one, of `{speaker, text, start, end}` under the usual names. */
export async function* readJsonTurns(bytes: Uint8Array, _limits: ConversionLimits): AsyncGenerator<ReadBlock, ReadFacts> {
  const value = parsed(bytes);
  for (const turn of turnsIn(value) ?? []) {
    if (turn.text.trim() !== '') yield blockOf(turn);
    await Promise.resolve();
  }
  const title = (value as { title?: unknown } | null)?.title;
  return { title: typeof title === 'string' && title.trim() !== '' ? title.trim() : undefined };
}

function blockOf({ speaker, text, start }: Turn): ReadBlock {
  const time = start === undefined ? {} : { timeSeconds: start };
  if (speaker === undefined) return { kind: 'turn', text: text.trim(), ...time };
  return { kind: 'turn', text: `${speaker}: ${text.trim()}`, speaker, ...time };
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8').decode(bytes));
  } catch (error) {
    throw new ReadFault('document-malformed', `It is not JSON: ${error instanceof Error ? error.message.slice(0, 200) : ''}.`, undefined, error);
  }
}
