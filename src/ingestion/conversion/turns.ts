/** Something that somebody said. */
export interface Turn {
  readonly speaker: string | undefined;
  readonly text: string;
  /** In seconds. */
  readonly start: number | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const LISTS = ['turns', 'segments', 'utterances', 'transcript', 'messages', 'entries', 'cues', 'results', 'monologues'];
const SPEAKERS = ['speaker', 'speaker_name', 'speakerName', 'name', 'speaker_label', 'role', 'author', 'from'];
const TEXTS = ['text', 'transcript', 'content', 'utterance', 'message', 'sentence', 'value'];
const STARTS = ['start', 'start_time', 'startTime', 'begin', 'offset', 'time', 'timestamp'];

/** The turns in a JSON value; nothing if it is no transcript: most of its items have to have a text. */
export function turnsIn(value: unknown): Turn[] | undefined {
  const list = listIn(value);
  if (list === undefined || list.length === 0) return undefined;
  const turns = list.flatMap((item) => turnOf(item) ?? []);
  const spoken = turns.filter(({ speaker, start }) => speaker !== undefined || start !== undefined).length;
  return turns.length > list.length / 2 && spoken > turns.length / 2 ? turns : undefined;
}

function listIn(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value as unknown[];
  if (typeof value !== 'object' || value === null) return undefined;
  const found = LISTS.map((name) => (value as Fields)[name]).find((item) => Array.isArray(item));
  return found as unknown[] | undefined;
}

function turnOf(item: unknown): Turn | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const text = first(item as Fields, TEXTS);
  if (typeof text !== 'string') return undefined;
  const speaker = first(item as Fields, SPEAKERS);
  const named = typeof speaker === 'number' ? `Speaker ${String(speaker)}` : speaker;
  return { text, speaker: typeof named === 'string' && named.trim() !== '' ? named.trim() : undefined, start: secondsOf(first(item as Fields, STARTS)) };
}

function first(item: Fields, names: readonly string[]): unknown {
  const name = names.find((each) => item[each] !== undefined && item[each] !== null);
  return name === undefined ? undefined : item[name];
}

const CLOCK = /^\s*(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2}(?:[.,]\d{1,3})?)\s*$/;

/** Seconds, given as such or as `h:mm:ss`. */
export function secondsOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : undefined;
  if (typeof value !== 'string') return undefined;
  return clockSeconds(value) ?? (/^\d+(?:\.\d+)?s?$/.test(value.trim()) ? Number.parseFloat(value) : undefined);
}

function clockSeconds(text: string): number | undefined {
  const [, hours = '0', minutes, seconds = '0'] = CLOCK.exec(text) ?? [];
  return minutes === undefined ? undefined : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds.replace(',', '.'));
}
