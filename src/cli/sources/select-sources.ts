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
  /** How files without a byte order mark are encoded. */
  readonly charset?: string;
}

/** Gives standard input as a source. */
export type StdinSource = () => Promise<Extract<Source, { kind: 'stream' }>>;

/** Stands for standard input among paths. */
export const STDIN = '-';
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
export function selectSources(selection: IngestSelection, stdin: StdinSource): AsyncIterable<Source> {
  const { paths, transcriptsDir } = selection;
  if (paths.length === 0 && transcriptsDir === undefined) throw new UsageError('ingest needs a path, - for stdin, or --transcripts-dir.');
  if (paths.filter((path) => path === STDIN).length > 1) throw new UsageError('Stdin (-) can be read once only.');
  if (selection.id !== undefined && !isOneDocument(selection)) throw new UsageError('--id names one document: give it with one file, or - alone.');
  return read(selection, stdin);
}

async function* read(selection: IngestSelection, stdin: StdinSource): AsyncGenerator<Source> {
  const said = declared(selection);
  for await (const source of named(selection, stdin)) yield { ...source, ...said };
}

/** What the command line says of every source it names. */
function declared({ id, charset }: IngestSelection): { readonly externalId?: string; readonly contentType?: string } {
  return {
    ...(id === undefined ? {} : { externalId: id }),
    ...(charset === undefined ? {} : { contentType: `text/plain; charset=${charset}` }),
  };
}

async function* named({ paths, transcriptsDir, ...choice }: IngestSelection, stdin: StdinSource): AsyncGenerator<Source> {
  for (const path of paths) {
    if (path === STDIN) yield await stdin();
    else yield* findSources(path, choice);
  }
  if (transcriptsDir !== undefined) yield* findSources(transcriptsDir, { ...choice, include: choice.include ?? TRANSCRIPTS });
}
