import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { Applications, type Overrides } from '../../src/cli/applications.ts';
import { pairSets } from '../../src/cli/evaluation/corpus.ts';
import { EvaluationService } from '../../src/cli/evaluation/evaluation.service.ts';
import { ThrowAwayIndexes } from '../../src/cli/evaluation/throw-away-index.ts';
import type { Interruption } from '../../src/cli/interruption.ts';
import { Terminal } from '../../src/cli/output/terminal.ts';
import { temporaryFolder, type TemporaryFolder } from '../fakes/temporary-folder.ts';
import { describeWith, neo4jService } from '../fixtures/services.ts';
import { sharedDataMissing, sharedFile } from '../fixtures/shared-data.ts';

const K = 5;
/** Points of recall at 5 that two stores may differ by. */
const MOST_APART = 2;

/** Whatever the environment says: no model. */
const WITHOUT_MODELS = { OPENAI_API_KEY: '', OPENAI_BASE_URL: '', CHAT_MODEL: '', EXTRACTION_MODEL: '', EMBEDDING_MODEL: '', LOG_LEVEL: 'error' };

/** So many passages are enough to tell two stores apart; the whole sets are measured by test/benchmarks. */
const PASSAGES = 600;

/** The first passages of a set, and the questions whose gold is among them. */
async function part(set: string, folder: string): Promise<readonly [corpus: string, questions: string]> {
  const lines = async (file: string): Promise<string[]> => (await readFile(sharedFile('data', 'retrieval', set, file), 'utf8')).split('\n').filter((line) => line !== '');
  const corpus = (await lines('corpus.jsonl')).slice(0, PASSAGES);
  const ids = new Set(corpus.map((line) => (JSON.parse(line) as { id: string }).id));
  const questions = (await lines('questions.jsonl')).filter((line) => (JSON.parse(line) as { gold: string[] }).gold.every((id) => ids.has(id)));
  const files = [join(folder, `${set}-corpus.jsonl`), join(folder, `${set}-questions.jsonl`)] as const;
  await writeFile(files[0], corpus.join('\n'));
  await writeFile(files[1], questions.join('\n'));
  return files;
}

/** What `eval retrieval` finds, in percent. */
async function recall([corpus, questions]: readonly [string, string], store: Overrides): Promise<number> {
  const [applications, terminal] = [new Applications(), new Terminal()];
  // A real one would take Ctrl-C from the test run.
  const interruption = { signal: new AbortController().signal } as Interruption;
  const indexes = new ThrowAwayIndexes(applications, interruption, terminal);
  const { report } = await new EvaluationService(applications, indexes, interruption, terminal).run({
    sets: pairSets([corpus], [questions], []),
    ks: [K],
    overrides: { ...WITHOUT_MODELS, ...store },
    // No time is measured here.
    warmUp: 0,
  });
  return report.recall[K] ?? Number.NaN;
}

describeWith(await neo4jService(), 'Recall on Neo4j', ({ uri, username, password }) => {
  const missing = sharedDataMissing();
  const when = missing === undefined ? it : it.skip;
  const neo4j = { STORE: 'neo4j', NEO4J_URI: uri, NEO4J_USERNAME: username, NEO4J_PASSWORD: password === '' ? 'none' : password };
  let folder: TemporaryFolder;
  beforeAll(async () => {
    Logger.overrideLogger(['error', 'warn']);
    folder = await temporaryFolder();
  });
  afterAll(() => folder.remove());

  when.each(['hotpotqa', 'musique'])(`is on %s what it is on SQLite, within ${String(MOST_APART)} points${missing === undefined ? '' : ` (skipped: ${missing})`}`, async (set) => {
    const files = await part(set, folder.path);
    const [embedded, server] = [await recall(files, { STORE: 'sqlite' }), await recall(files, neo4j)];
    expect(Math.abs(embedded - server)).toBeLessThanOrEqual(MOST_APART);
  }, 200_000);
});
