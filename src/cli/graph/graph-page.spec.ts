import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { HOSTILE_TEXTS } from '../../../test/fixtures/xml-elements.ts';
import type { GraphPicture } from '../../graph/graph.types.ts';
import { graphPage, scriptJson } from './graph-page.ts';

const pictureOf = (names: readonly string[]): GraphPicture => ({
  nodes: names.map((name, i) => ({ id: String(i), name, type: name, degree: 1 })),
  edges: names.slice(1).map((type, i) => ({ source: '0', target: String(i + 1), type, weight: 1, evidence: [] })),
});
const pageOf = (names: readonly string[]): string => graphPage({ title: names[0] ?? '', picture: pictureOf(names), evidence: [], note: '', start: '' });
const scriptsOf = (page: string): { attributes: string; body: string }[] =>
  Array.from(page.matchAll(/<script([^>]*)>([\s\S]*?)<\/script>/g), ([, attributes = '', body = '']) => ({ attributes, body }));

describe('graphPage', () => {
  it('holds data and two scripts, whatever names say', () => {
    const plain = scriptsOf(pageOf(['Ada']));
    const page = pageOf(HOSTILE_TEXTS);
    const [data, ...programs] = scriptsOf(page);
    expect(data?.attributes).toBe(' id="data" type="application/json"');
    expect(programs).toEqual(plain.slice(1));
    expect(programs).toHaveLength(2);
    expect((JSON.parse(data?.body ?? '') as GraphPicture).nodes.map(({ name }) => name)).toEqual(HOSTILE_TEXTS);
    expect(page).toContain('<title>&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;</title>');
  });

  it('allows its own scripts and styles alone, and nothing from elsewhere', () => {
    const page = pageOf(['Ada']);
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    const allowed = Array.from(policy.matchAll(/'(sha256-[^']+)'/g), ([, hash]) => hash);
    const hashOf = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;
    for (const { body } of scriptsOf(page).slice(1)) expect(allowed).toContain(hashOf(body));
    expect(allowed).toContain(hashOf(/<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? ''));
    expect(policy).toMatch(/^default-src 'none'; script-src /);
    expect(policy).not.toContain('unsafe');
    expect(page).not.toMatch(/\s(src|href)="(?!#)|@import|url\(|\son[a-z]+=|\sstyle=/i.exec(page.replaceAll(/<script[\s\S]*?<\/script>/g, ''))?.[0] ?? 'none of it');
  });

  it('leaves no import, export or place to fill in', () => {
    const [, , program] = scriptsOf(pageOf(['Ada']));
    expect(program?.body).not.toMatch(/^(import|export) /m);
    expect(`${pageOf(['Ada']).replaceAll(/<script[\s\S]*?<\/script>/g, '')}${program?.body ?? '{{program}}'}`).not.toMatch(/\{\{\w+\}\}/);
  });
});

describe('scriptJson', () => {
  it('is the same value, without a character that could end a script', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.constantFrom(...HOSTILE_TEXTS)), (value) => {
        const text = scriptJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(text).not.toMatch(/[<\u2028\u2029]/);
      }),
    );
  });
});
