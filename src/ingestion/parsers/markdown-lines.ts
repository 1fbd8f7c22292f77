/** The opening of a fenced block. */
export interface Fence {
  readonly mark: string;
  readonly length: number;
}

const HEADING = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/u;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const UNDERLINE = /^ {0,3}(=+|-+)[ \t]*$/;
const LIST_ITEM = /^\s{0,40}(?:[-*+]|\d{1,9}[.)])(?:\s+\S|\s*$)/u;
const RULE = /^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$/;
const TABLE_RULE = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

/** No heading is longer, in characters; what is longer is text. */
const MAX_HEADING = 1000;

/** Level and plain text of a heading of the form `## Title`. */
export function headingOf(line: string): { readonly level: number; readonly title: string } | undefined {
  if (line.length > MAX_HEADING) return undefined;
  const match = HEADING.exec(line);
  return match === null ? undefined : { level: match[1]?.length ?? 1, title: plainHeading(match[2] ?? '') };
}

/** The fence that a line opens. */
export function fenceOf(line: string): Fence | undefined {
  const run = FENCE.exec(line)?.[1];
  return run === undefined ? undefined : { mark: run.charAt(0), length: run.length };
}

/** Whether a line closes a fence. */
export function closesFence(line: string, fence: Fence): boolean {
  const run = fenceOf(line);
  return run?.mark === fence.mark && run.length >= fence.length && line.trim().length === run.length;
}

/** The level that a line of `===` or `---` gives the paragraph above it. */
export function underlineLevel(line: string): number | undefined {
  const run = line.length > MAX_HEADING ? undefined : UNDERLINE.exec(line)?.[1];
  if (run === undefined) return undefined;
  return run.startsWith('=') ? 1 : 2;
}

/** Whether a line starts an item of a list; a rule such as `- - -` does not. */
export function startsListItem(line: string): boolean {
  return LIST_ITEM.test(line) && !isRule(line);
}

/** Whether a line is a thematic break. */
export function isRule(line: string): boolean {
  return line.length <= MAX_HEADING && RULE.test(line);
}

/** Whether a line separates the head of a table from its rows. */
export function isTableRule(line: string): boolean {
  return line.length <= MAX_HEADING && line.includes('-') && line.includes('|') && TABLE_RULE.test(line);
}

/** A heading without the marks of emphasis, code, images and links. */
export function plainHeading(text: string): string {
  return text
    .replace(/!?\[([^\]]{0,300})\]\([^)]{0,1000}\)/gu, '$1')
    .replace(/[*`]+/g, '')
    .replace(/\s+/gu, ' ')
    .trim()
    .slice(0, 200);
}
