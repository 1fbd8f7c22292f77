import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { describeError } from '../common/errors/describe-error.ts';
import { proposedMapping } from '../ingestion/mapping/mapping-of-file.service.ts';
import type { Terminal } from './output/terminal.ts';
import { UsageError } from './usage.errors.ts';

/**
 * Writes a mapping of a table to a new file, to be edited.
 * @throws UsageError unless there is one file, which is a table, and the mapping's file does not exist yet
 */
export async function proposeMappingFile(paths: readonly string[], out: string | undefined, terminal: Terminal): Promise<void> {
  const [path, ...others] = paths;
  if (path === undefined || others.length > 0) throw new UsageError('--propose-mapping needs one file: a table of separated values, a JSON list or lines of JSON.');
  const mapping = await proposedMapping(createReadStream(path), basename(path));
  const file = out ?? `${basename(path).replace(/\.[^.]+$/, '')}.mapping.json`;
  try {
    await writeFile(file, `${JSON.stringify(mapping, undefined, 2)}\n`, { flag: 'wx' });
  } catch (error) {
    throw new UsageError(`The mapping cannot be written to ${file}: ${describeError(error)}`);
  }
  terminal.print(`Wrote ${file}. Look it through, then: ingest ${path} --mapping ${file}`);
}
