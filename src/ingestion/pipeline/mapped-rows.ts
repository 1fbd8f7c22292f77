import { decodeStream } from '../decoding/decode.ts';
import { checkColumns, type MappedRow, mapRow } from '../mapping/map-row.ts';
import type { Mapping, TableRow } from '../mapping/mapping.types.ts';
import { rowsOfJson, rowsOfTable } from '../mapping/table-rows.ts';
import type { IngestRun } from './ingest-run.ts';
import type { OpenSource, TextAbout } from './read-document.types.ts';

/** Relations without one of their ends are told, some of them. */
const TOLD_LOOSE = 20;
const JSON_START = /^\ufeff?\s*(?:\[\s*)?\{/;

type About = Pick<TextAbout, 'facts' | 'sample' | 'conversion'>;

/** The rows of a source as the run's mapping takes them; nothing without a mapping, or for a source that has no rows. */
export function mappedRows(run: IngestRun, open: OpenSource, about: About): AsyncGenerator<MappedRow> | undefined {
  const { mapping } = run;
  const { conversion, sample } = about;
  const hasRows = conversion === undefined ? JSON_START.test(sample.text) : conversion.way === 'rows';
  return mapping === undefined || !hasRows ? undefined : mapped(run, mapping, { open, about });
}

async function* mapped(run: IngestRun, mapping: Mapping, { open, about }: { readonly open: OpenSource; readonly about: About }): AsyncGenerator<MappedRow> {
  const { facts, conversion } = about;
  const { text } = await decodeStream(run.progress.count(open.bytes()), facts.contentType);
  let loose = 0;
  for await (const row of conversion?.way === 'rows' ? checked(mapping, rowsOfTable(text, conversion.delimiter)) : rowsOfJson(text)) {
    const found = mapRow(mapping, row, facts.externalId);
    for (const relation of found.loose) {
      loose += 1;
      if (loose <= TOLD_LOOSE) run.reporter.warn(`${facts.externalId}, row ${String(row.number)}: an end of a relation is missing: ${relation}.`);
    }
    yield found;
  }
  if (loose > TOLD_LOOSE) run.reporter.warn(`${facts.externalId}: ${String(loose)} relations in all have an end missing.`);
}

/** Objects of a list may have different fields; rows of a table have the same. */
async function* checked(mapping: Mapping, rows: AsyncIterable<TableRow>): AsyncGenerator<TableRow> {
  let first = true;
  for await (const row of rows) {
    if (first) checkColumns(mapping, row.fields.keys());
    first = false;
    yield row;
  }
}
