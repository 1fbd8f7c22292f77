import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { GraphPicture } from '../../graph/graph.types.ts';
import { xmlText } from '../output/xml-text.ts';
import { layOut } from './picture-layout.ts';
import type { ShownEvidence } from './picture-evidence.ts';

/** What a page shows. */
export interface GraphPage {
  readonly title: string;
  readonly picture: GraphPicture;
  /** For each edge of the picture, in the same order. */
  readonly evidence: readonly (readonly ShownEvidence[])[];
  /** Said under the ranking; empty for nothing. */
  readonly note: string;
  /** Id of the entity that is chosen at first; empty for none. */
  readonly start: string;
}

/** The parts of the page's program, each after those it imports. */
const PROGRAM = ['dom', 'theme', 'data', 'drawing', 'filter', 'labels', 'panel', 'search', 'start'];
/** Edges that a browser draws smoothly. */
export const MOST_EDGES = 12_000;
/** Cytoscape puts this one rule into the page; the policy below lets it. */
const LIBRARY_STYLE = '.__________cytoscape_container { position: relative; }';

const read = (name: string): string => readFileSync(new URL(`./page/${name}`, import.meta.url), 'utf8');

/** The page's modules as one script, each in a scope of its own: an inline module cannot import another. */
function program(): string {
  return `(() => {\n'use strict';\nconst parts = {};\n${PROGRAM.map((name) => scopeOf(name, read(`${name}.js`))).join('')}})();`;
}

function scopeOf(name: string, module: string): string {
  const names = Array.from(module.matchAll(/^export (?:const|function) (\w+)/gm), ([, exported = '']) => exported);
  const body = module.replaceAll(/^import (\{.*\}) from '\.\/(\w+)\.js';$/gm, 'const $1 = parts.$2;').replaceAll(/^export /gm, '');
  return `parts.${name} = (() => {\n${body}return { ${names.join(', ')} };\n})();\n`;
}

function library(): string {
  return readFileSync(createRequire(import.meta.url).resolve('cytoscape/dist/cytoscape.min.js'), 'utf8');
}

/** JSON that stands in a script element: no `<` in it, so nothing in it ends the element or begins another. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', String.raw`\u003c`).replaceAll('\u2028', String.raw`\u2028`).replaceAll('\u2029', String.raw`\u2029`);
}

function dataOf({ picture, evidence, note, start }: GraphPage): unknown {
  const places = layOut(picture);
  return {
    nodes: picture.nodes.map((node) => ({ ...node, ...places.get(node.id) })),
    edges: picture.edges.map((edge, i) => ({ ...edge, evidence: evidence[i] ?? [] })),
    note,
    start,
  };
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing from elsewhere, no script but the two of the page, and no address to send anything to. */
function policyOf(scripts: readonly string[], styles: readonly string[]): string {
  return `default-src 'none'; script-src ${scripts.map(hashOf).join(' ')}; style-src ${styles.map(hashOf).join(' ')}; base-uri 'none'; form-action 'none'`;
}

/** A page that shows a picture by itself: everything it needs is in it, and nodes have their places already. */
export function graphPage(page: GraphPage): string {
  const [style, cytoscape, script] = [read('picture.css'), library(), program()];
  const parts: Readonly<Record<string, string>> = {
    title: xmlText(page.title),
    policy: policyOf([cytoscape, script], [style, LIBRARY_STYLE]),
    style,
    library: cytoscape,
    program: script,
    data: scriptJson(dataOf(page)),
  };
  // In one go, so that nothing that is put in is looked through for places to put something.
  return read('picture.html').replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => parts[name] ?? '');
}
