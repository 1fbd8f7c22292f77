import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { RETRIEVE } from '../../src/retrieval/chain/retrieve.program.ts';
import { RETRIEVAL_DEFAULTS } from '../../src/retrieval/retrieval-config.ts';
import { type TemporaryFolder, temporaryFolder } from '../fakes/temporary-folder.ts';
import { sqliteStack } from '../fixtures/graph-stack.ts';
import { readJsonLines, sharedDataMissing, sharedFile } from '../fixtures/shared-data.ts';
import { CommandProcess, runCommand } from './command-process.ts';

const missing = sharedDataMissing();
const when = missing === undefined ? describe : describe.skip;
/** More than one publication. */
const DOCUMENTS = 1500;
const QUESTIONS = 25;

/** Documents that are visible in the only workspace of a data folder. */
function visibleIn(dataDir: string): number {
  const folder = join(dataDir, 'workspaces');
  const file = existsSync(folder) ? readdirSync(folder).find((name) => name.endsWith('.sqlite')) : undefined;
  if (file === undefined) return 0;
  const db = new DatabaseSync(join(folder, file), { readOnly: true, timeout: 5000 });
  try {
    const hasTable = db.prepare("select 1 from sqlite_master where name = 'document'").get() !== undefined;
    return hasTable ? (db.prepare('select count(*) as n from document').get() as { n: number }).n : 0;
  } finally {
    db.close();
  }
}

/** The whole ranking of each question: external ids with their scores. */
async function rankings(dataDir: string, questions: readonly string[]): Promise<string[][]> {
  const stack = sqliteStack(dataDir);
  try {
    const workspace = (await stack.workspaces.list()).find((each) => each.slug === 'default') ?? { uid: '' };
    const all: string[][] = [];
    for (const query of questions) {
      const { passages } = await stack.programs.run(workspace, RETRIEVE, { query, k: DOCUMENTS, config: RETRIEVAL_DEFAULTS });
      all.push(passages.map(({ passage, score }) => `${passage.externalId} ${score.toFixed(9)}`));
    }
    return all;
  } finally {
    await stack.close();
  }
}

when(`An ingestion that is killed${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  let folder: TemporaryFolder;
  beforeAll(async () => {
    folder = await temporaryFolder();
  });
  afterAll(async () => {
    await folder.remove();
  });

  it('and started again ranks as one that was left alone, passage by passage', async () => {
    const corpus = readJsonLines(sharedFile('data', 'retrieval', 'musique', 'corpus.jsonl')).slice(0, DOCUMENTS);
    const asked = readJsonLines<{ question: string }>(sharedFile('data', 'retrieval', 'musique', 'questions.jsonl')).slice(0, QUESTIONS);
    const file = join(folder.path, 'corpus.jsonl');
    writeFileSync(file, corpus.map((record) => `${JSON.stringify(record)}\n`).join(''));
    const [killed, whole] = [join(folder.path, 'killed'), join(folder.path, 'whole')];
    // Once before anything is visible, once when a part is.
    const first = new CommandProcess(['ingest', file, '--data-dir', killed]);
    await first.storing(killed);
    first.kill('SIGKILL');
    await first.result;
    expect(visibleIn(killed)).toBe(0);
    const second = new CommandProcess(['ingest', file, '--data-dir', killed]);
    while (visibleIn(killed) === 0) await new Promise((resolve) => setImmediate(resolve));
    second.kill('SIGKILL');
    await second.result;
    expect(visibleIn(killed)).toBeLessThan(DOCUMENTS);
    for (const dataDir of [killed, whole]) expect((await runCommand(['ingest', file, '--data-dir', dataDir])).code).toBe(0);
    expect([visibleIn(killed), visibleIn(whole)]).toEqual([DOCUMENTS, DOCUMENTS]);
    const questions = asked.map(({ question }) => question);
    const expected = await rankings(whole, questions);
    expect(expected.every((ranking) => ranking.length > 10)).toBe(true);
    expect(await rankings(killed, questions)).toEqual(expected);
  }, 300_000);
});
