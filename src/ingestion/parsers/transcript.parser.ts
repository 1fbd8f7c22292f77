import type { TextSample } from '../document-parser.port.ts';
import type { BlockAssembler, BlockMark } from './block-assembler.ts';
import { headingOf } from './markdown-lines.ts';
import { LineParser, type LineReader } from './line-parser.ts';
import type { Line } from './scan-lines.ts';

/** `Speaker: text`, with an optional time in front: `[00:12:30] Speaker: text`. */
const TURN = /^(?:[[(]?(?:(\d{1,2}):)?(\d{1,2}):(\d{2})(?:[.,]\d+)?[\])]?\s+(?:-\s+)?)?([^:]{1,40}):(?:\s|$)/u;

/** What a meeting is about, and when it was: a line of its own, `Date: 2026-05-03`, `Agenda item 2: Budget`, `## Budget`. */
const ITEM = /^\s*(?:(date)|agenda(?:\s+item)?(?:\s+\d{1,3})?|topic(?:\s+\d{1,3})?|tagesordnungspunkt\s+\d{1,3})\s*:\s*(\S.{0,199})$/iu;
const MAX_HEADING = 200;

/** How lists, headings, quotes and tables of Markdown begin: `- Note: …` is no turn. */
const MARKED = /^\s*(?:[-*+>#|]|\d+[.)]\s)/;

function seconds(match: RegExpExecArray): number | undefined {
  const [, hours = '0', minutes, second] = match;
  if (minutes === undefined || second === undefined) return undefined;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(second);
}

/** Who starts to speak in a line, and when; nothing if nobody does. */
function turnOf(line: string): BlockMark | undefined {
  const match = TURN.exec(line.slice(0, 80));
  const speaker = match?.[4]?.trim() ?? '';
  if (match === null || speaker === '' || headingIn(line) !== undefined) return undefined;
  const timeSeconds = seconds(match);
  return { kind: 'turn', speaker, ...(timeSeconds === undefined ? {} : { timeSeconds }) };
}

/** A line that is a heading of the meeting; nothing if it is none. */
function headingIn(line: string): BlockMark | undefined {
  const text = line.trim();
  if (text.length > MAX_HEADING) return undefined;
  const marked = headingOf(text);
  if (marked !== undefined) return { kind: 'heading', ...marked };
  const [, date, title] = ITEM.exec(text) ?? [];
  if (title === undefined) return undefined;
  // The date stands over the agenda.
  return { kind: 'heading', level: date === undefined ? 2 : 1, title: title.trim() };
}

class TurnReader implements LineReader {
  #last: BlockMark = { kind: 'paragraph' };

  line(line: Line, blocks: BlockAssembler): void {
    if (line.text.trim() === '') {
      blocks.blank(line);
      return;
    }
    const heading = line.continued ? undefined : headingIn(line.text);
    if (heading !== undefined) {
      this.#last = { kind: 'paragraph' };
      blocks.open(line, heading);
      blocks.close();
      return;
    }
    const turn = line.continued ? undefined : turnOf(line.text);
    if (turn !== undefined) {
      this.#last = turn;
      blocks.open(line, turn);
    } else if (blocks.kind === undefined) {
      // What follows a blank line without a new speaker still belongs to the last one.
      const { timeSeconds: _start, ...rest } = this.#last;
      blocks.open({ ...line, continued: this.#last.kind === 'turn' }, rest);
    } else blocks.add(line);
  }
}

/** A meeting or a talk, written down as a turn a line. */
export class TranscriptParser extends LineParser {
  override readonly format = 'transcript';
  override readonly version = 2;
  override readonly mediaType = 'text/plain';

  override confidence(sample: TextSample): number {
    const lines = sample.text.split('\n').filter((line) => line.trim() !== '');
    const turns = lines.filter((line) => !MARKED.test(line) && turnOf(line) !== undefined).length;
    return turns >= 2 && turns > lines.length / 2 ? 0.9 : 0;
  }

  override titleOf(_sample: TextSample): string | undefined {
    return undefined;
  }

  protected override reader(): LineReader {
    return new TurnReader();
  }
}
