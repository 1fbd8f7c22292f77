import type { INestApplicationContext } from '@nestjs/common';
import type { GraphPicture, Workspace } from '../../graph/graph.types.ts';
import { PassageIndex } from '../../graph/passage-index.port.ts';
import { graphMl } from './graphml.ts';
import { graphPage, MOST_EDGES } from './graph-page.ts';
import { readEvidence } from './picture-evidence.ts';

export const EXPORT_FORMATS = ['json', 'graphml', 'html'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** A picture that was read, and of what. */
export interface ReadPicture {
  readonly app: INestApplicationContext;
  readonly workspace: Workspace;
  readonly picture: GraphPicture;
  /** The entity whose surroundings it is, if it is one's. */
  readonly entity: string | undefined;
  /** Entities and relations of the whole workspace. */
  readonly whole: { readonly entities: number; readonly relations: number };
}

/** A picture as the text of a file. */
export async function writePicture(format: ExportFormat, read: ReadPicture): Promise<string> {
  if (format === 'json') return `${JSON.stringify(read.picture)}\n`;
  return format === 'graphml' ? graphMl(read.picture) : await pageOf(read);
}

async function pageOf({ app, workspace, picture, entity, whole }: ReadPicture): Promise<string> {
  const shown = { nodes: picture.nodes, edges: picture.edges.slice(0, MOST_EDGES) };
  const evidence = await readEvidence(app.get(PassageIndex, { strict: false }), workspace, shown);
  return graphPage({
    title: entity === undefined ? workspace.slug : `${entity} · ${workspace.slug}`,
    picture: shown,
    evidence,
    note: noteOf(picture, whole),
    start: entity === undefined ? '' : (picture.nodes[0]?.id ?? ''),
  });
}

function noteOf({ nodes, edges }: GraphPicture, whole: ReadPicture['whole']): string {
  const notes = [];
  if (nodes.length < whole.entities) {
    notes.push(`${count(nodes.length)} of the workspace's ${count(whole.entities)} entities are shown, with the relations among them.`);
  }
  if (edges.length > MOST_EDGES) notes.push(`Of ${count(edges.length)} relations among them the ${count(MOST_EDGES)} with most evidence are drawn.`);
  return notes.join(' ');
}

function count(value: number): string {
  return value.toLocaleString('en');
}
