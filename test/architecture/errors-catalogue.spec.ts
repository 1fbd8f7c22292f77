import { ERROR_STATUS, type ErrorCode } from '../../src/common/errors/error-codes.ts';
import { filesBelow, textOf } from './source-files.ts';

interface Entry {
  readonly code: string;
  readonly text: string;
}

function entries(): Entry[] {
  const [, ...sections] = textOf('docs/errors.md').split(/^### /m);
  return sections.map((section) => {
    const [heading = '', ...rest] = section.split('\n');
    return { code: heading.replaceAll('`', ''), text: rest.join('\n') };
  });
}

describe('the error catalogue', () => {
  const codes = Object.keys(ERROR_STATUS) as ErrorCode[];
  const documented = entries();

  it('explains every code of the source, each once, and no other', () => {
    expect(documented.map(({ code }) => code).sort()).toEqual([...codes].sort());
  });

  it.each(documented.map(({ code, text }) => [code, text] as const))('tells the status of %s, what it means and what to do', (code, text) => {
    expect(/^HTTP (\d{3})\. \S.{10,}$/m.exec(text)?.[1]).toBe(String(ERROR_STATUS[code as ErrorCode]));
    expect(text).toMatch(/^What to do: \S.{4,}$/m);
  });

  it('holds no code that nothing raises', () => {
    const sources = filesBelow('src').filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.endsWith('/error-codes.ts'));
    // A union of codes alone raises nothing.
    const code = sources.map(textOf).join('\n').replace(/^\s*\| '[a-z-]+';?$/gm, '').replace(/^export type .*$/gm, '');
    expect(codes.filter((name) => !code.includes(`'${name}'`))).toEqual([]);
  });
});
