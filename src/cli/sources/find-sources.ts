import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, matchesGlob, relative, resolve, sep } from 'node:path';
import type { Source } from '../../ingestion/ingestion.types.ts';

/** Which files of a folder are meant. A pattern without a slash is about the file's name, another about its path in the folder. */
export interface FileChoice {
  /** None: all. */
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

type FileSource = Extract<Source, { kind: 'file' }>;

function matches(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matchesGlob(pattern.includes('/') ? name : basename(name), pattern));
}

/** Whether a file of a folder is meant, by its path in the folder with `/`. */
export function isChosen(name: string, { include = [], exclude = [] }: FileChoice): boolean {
  return (include.length === 0 || matches(name, include)) && !matches(name, exclude);
}

/** Files below a folder by name, without those hidden by a leading dot; links to folders are not followed. */
async function* walk(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else if (entry.isFile() || (entry.isSymbolicLink() && !(await isFolder(path)))) yield path;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // What is wrong with the path is told with the file's report.
    return false;
  }
}

/**
 * The files that a path stands for: itself, or the chosen files below a folder. A path that does not exist comes too, so that the
 * report names it as failed.
 */
export async function* findSources(path: string, choice: FileChoice = {}): AsyncGenerator<FileSource> {
  const root = resolve(path);
  if (!(await isFolder(root))) {
    yield { kind: 'file', path: root, root: dirname(root) };
    return;
  }
  for await (const file of walk(root)) {
    const name = relative(root, file).split(sep).join('/');
    if (isChosen(name, choice)) yield { kind: 'file', path: file, root };
  }
}
