import { statSync } from 'node:fs';
import type { Source } from '../../ingestion/ingestion.types.ts';
import { UsageError } from '../usage.errors.ts';
import { type FileChoice, findSources } from './find-sources.ts';

/** What a command line says about what is to be read. */
export interface IngestSelection extends FileChoice {
  /** Files, folders, or `-` for stdin. */
  readonly paths: readonly string[];
  readonly transcriptsDir?: string;
  readonly id?: string;
}

const STDIN = '-';
const TRANSCRIPTS = ['*.txt', '*.vtt', '*.srt', '*.json'];

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isOneDocument({ paths, transcriptsDir }: IngestSelection): boolean {
  const [path, ...others] = paths;
  return path !== undefined && others.length === 0 && transcriptsDir === undefined && !isFolder(path);
}

/**
 * The sources a command line names, found as they are read.
 * @throws UsageError at once, when nothing is named, or a name is given to more than one document
 */
export function selectSources(selection: IngestSelection): AsyncIterable<Source> {
  const { paths, transcriptsDir } = selection;
  if (paths.length === 0 && transcriptsDir === undefined) throw new UsageError('ingest needs a path, - for stdin, or --transcripts-dir.');
  if (paths.filter((path) => path === STDIN).length > 1) throw new UsageError('Stdin (-) can be read once only.');
  if (selection.id !== undefined && !isOneDocument(selection)) throw new UsageError('--id names one document: give it with one file, or - alone.');
  return read(selection);
}

async function* read({ paths, transcriptsDir, id, ...choice }: IngestSelection): AsyncGenerator<Source> {
  const name = id === undefined ? {} : { externalId: id };
  for (const path of paths) {
    if (path === STDIN) yield { kind: 'stream', name: 'stdin', open: () => process.stdin, ...name };
    else for await (const source of findSources(path, choice)) yield { ...source, ...name };
  }
  if (transcriptsDir === undefined) return;
  const include = choice.include ?? TRANSCRIPTS;
  yield* findSources(transcriptsDir, { ...choice, include });
}
