import { type NameRows, namesOf } from './name-look-up.ts';
import { VERSIONED_WORKSPACE } from './neo4j-graph.service.ts';
import { PASSAGE_ROWS, type PassageRows } from './passage-rows.ts';

/*
 * What the walk asks, as far as it is not known: names of the question by their norms, names of the beam by their keys, or, of passages
 * whose links are not known either, whatever they are linked to; and beside them passages of the beam and near ones.
 */

const IN_QUESTION = `CALL (w) {
  MATCH (n:Name) WHERE n.workspace = $workspace AND n.norm IN $norms RETURN collect(n) AS asked
}
`;
const OF_BEAM = `CALL (w) {
  MATCH (n:Name) WHERE n.workspace = $workspace AND n.key IN $names RETURN collect(n) AS linked
}
CALL (w) {
  MATCH (c:Chunk) WHERE c.workspace = $workspace AND c.key IN $beam
  MATCH (c)-[:TITLE|MENTION|GRAM]->(n) WHERE NOT n.key IN $names RETURN collect(DISTINCT n) AS others
}
WITH w, version, rows, linked + others AS asked
`;

/** Without and with a filter. */
export interface WalkStatement {
  readonly all: string;
  readonly filtered: string;
}

const statement = (asked: string): WalkStatement => {
  const within = (isFiltered: boolean): string => `${VERSIONED_WORKSPACE}${PASSAGE_ROWS}${asked}${namesOf(isFiltered)}RETURN version, w.passages AS passages, rows, [n IN asked | n.key] AS asked, names, behind, words, ties`;
  return { all: within(false), filtered: within(true) };
};

export const NAMES = statement(IN_QUESTION);
export const HOP = statement(OF_BEAM);

export interface WalkRow extends NameRows, PassageRows {
  readonly passages: number;
  /** Keys of the names asked for; others in `names` stand behind them. */
  readonly asked: readonly number[];
}
