import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { projectRoot } from '../../src/config/project-root.ts';

/** Every file below a folder of the project, as `src/auth/auth.guard.ts`. */
export function filesBelow(folder: string): string[] {
  const root = projectRoot();
  const entries = readdirSync(join(root, folder), { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => relative(root, join(entry.parentPath, entry.name)));
  return files.map((file) => file.split(sep).join('/')).sort();
}

/** The text of a file of the project. */
export function textOf(file: string): string {
  return readFileSync(join(projectRoot(), file), 'utf8');
}
