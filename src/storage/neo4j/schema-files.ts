import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../config/project-root.ts';

/** The statements of config/cypher/*.cypher, files by name: each ends with a semicolon at the end of a line; `//` lines are comments. */
export function schemaStatements(folder = join(projectRoot(), 'config', 'cypher')): string[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.cypher'));
  return files.toSorted().flatMap((name) => statementsOf(readFileSync(join(folder, name), 'utf8')));
}

/** The statements of one file. */
export function statementsOf(text: string): string[] {
  const code = text.replaceAll(/^\s*\/\/.*$/gm, '');
  return code.split(/;\s*$/m).map((statement) => statement.trim()).filter((statement) => statement !== '');
}
