import { LineScanner } from '../parsers/scan-lines.ts';
import type { ReadBlock } from './conversion.types.ts';
import { secondsOf } from './turns.ts';

/** Captions of one speaker make one turn, up to so many characters; without a speaker up to the end of a sentence behind so many. */
const MAX_TURN = 1200;
const ENOUGH = 300;

const TIMING = /^\s*((?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3})\s*-->\s*(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}/;
const VOICE = /^\s*<v(?:\.[^\s>]*)?\s+([^>]{1,80})>/i;
const NAMED = /^\s*(?:>>\s*)?([\p{L}][\p{L}\p{M}\p{N} .'’-]{0,39}):\s+(?=\S)/u;
const TAG = /<\/?[^<>]{0,200}>/g;
const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&nbsp;': ' ', '&quot;': '"', '&apos;': "'", '&lrm;': '', '&rlm;': '' };

interface Cue {
  readonly start: number | undefined;
  readonly speaker: string | undefined;
  readonly text: string;
}

/** Cues of WebVTT (W3C, "WebVTT: The Web Video Text Tracks Format") or SubRip, as turns. Notes and styles are left out; times may run as they like. */
export async function* readCues(text: AsyncIterable<string>): AsyncGenerator<ReadBlock> {
  const turns = new TurnBuilder();
  for await (const cue of cuesIn(text)) {
    const done = turns.add(cue);
    if (done !== undefined) yield done;
  }
  const last = turns.take();
  if (last !== undefined) yield last;
}

async function* cuesIn(text: AsyncIterable<string>): AsyncGenerator<Cue> {
  const scanner = new LineScanner();
  const reader = new CueReader();
  for await (const part of text) {
    for (const line of scanner.push(part)) yield* reader.line(line.text.replace(/\r?\n$/, ''));
  }
  for (const line of scanner.end()) yield* reader.line(line.text);
  yield* reader.line('');
}

/** What stands behind a line of times, up to an empty line, is a cue; all else is none. */
class CueReader {
  #start: number | undefined;
  #lines: string[] | undefined;

  *line(line: string): Generator<Cue> {
    const timing = TIMING.exec(line);
    if (timing === null && line.trim() !== '') {
      this.#lines?.push(line);
      return;
    }
    yield* this.#end();
    if (timing === null) return;
    this.#start = secondsOf((timing[1] ?? '').replace(',', '.'));
    this.#lines = [];
  }

  *#end(): Generator<Cue> {
    const lines = this.#lines;
    this.#lines = undefined;
    if (lines === undefined) return;
    for (const [i, line] of lines.entries()) {
      const said = saidIn(line);
      // The lines of a cue begin at the same time; it is told once.
      if (said.text !== '') yield { ...said, start: i === 0 ? this.#start : undefined };
    }
  }
}

function saidIn(line: string): Omit<Cue, 'start'> {
  const plain = decoded(line.replaceAll(TAG, '')).trim();
  const [, voice] = VOICE.exec(line) ?? [];
  if (voice !== undefined) return { speaker: voice.trim(), text: plain };
  const [prefix = '', name] = NAMED.exec(plain) ?? [];
  return { speaker: name?.trim(), text: plain.slice(prefix.length) };
}

class TurnBuilder {
  #speaker: string | undefined;
  #start: number | undefined;
  #text = '';

  /** Takes a cue; gives the turn before it when that is complete. */
  add({ start, speaker, text }: Cue): ReadBlock | undefined {
    const who = speaker ?? this.#speaker;
    if (this.#text !== '' && who === this.#speaker && !this.#isFull(text)) {
      this.#text += ` ${text}`;
      return undefined;
    }
    const done = this.take();
    [this.#speaker, this.#start, this.#text] = [who, start, text];
    return done;
  }

  take(): ReadBlock | undefined {
    const text = this.#text;
    const [speaker, start] = [this.#speaker, this.#start];
    this.#text = '';
    if (text === '') return undefined;
    return {
      kind: 'turn',
      text: speaker === undefined ? text : `${speaker}: ${text}`,
      ...(speaker === undefined ? {} : { speaker }),
      ...(start === undefined ? {} : { timeSeconds: start }),
    };
  }

  #isFull(next: string): boolean {
    if (this.#text.length + next.length > MAX_TURN) return true;
    return this.#speaker === undefined && this.#text.length > ENOUGH && /[.!?…]["'”’)]*$/u.test(this.#text);
  }
}

function decoded(text: string): string {
  return text.replaceAll(/&(?:amp|lt|gt|nbsp|quot|apos|lrm|rlm);/g, (entity) => ENTITIES[entity] ?? entity);
}
