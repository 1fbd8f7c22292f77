// Grows an ingested workspace of one-passage documents to many times its size by consistently renamed copies, written straight into
// the tables, and measures questions on it. For sizes at which ingestion would take hours; what ingestion costs, `bench grow` shows.
// Entities and relations are not copied. A folder that is there already is measured again. usage: node test/benchmarks/million-passages.mjs <workspace.sqlite> <questions.jsonl> <passages> <folder>
import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';

const [source, questionsFile, wanted, folder] = process.argv.slice(2);
const dist = new URL('../../dist/', import.meta.url);
const load = (path) => import(new URL(path, dist).href);
const { words } = await load('common/text/words.js');
const { sentenceWords } = await load('common/text/analysis.js');
const { porterStem } = await load('common/text/porter.js');
const { STOP_WORDS } = await load('common/text/stop-words.js');

/** A word in more passages than this stays shared among the copies, so its names grow with the workspace. */
const SHARED_FROM = 60;
const uid = 'copies';
mkdirSync(join(folder, 'workspaces'), { recursive: true });
const file = join(folder, 'workspaces', `${uid}.sqlite`);
const isMade = existsSync(file);
if (!isMade) copyFileSync(source, file);
const db = new DatabaseSync(source);
const all = (sql) => db.prepare(sql).all();

const names = all('select * from name');
const frequency = new Map(all('select word, passages from word').map((row) => [row.word, row.passages]));
const renamed = new Set(names.flatMap((name) => name.norm.split(' ')).filter((word) => !STOP_WORDS.has(word) && (frequency.get(word) ?? 0) <= SHARED_FROM));
const suffix = (copy) => `x${copy}q`;
const isRenamed = (surface) => /^\p{Lu}/u.test(surface) && words(surface).every((word) => renamed.has(word.norm));
const renameText = (text, copy) => text.replace(/[\p{L}\p{N}]+/gu, (word) => (isRenamed(word) ? word + suffix(copy) : word));
const renameNorm = (norm, copy) => norm.split(' ').map((word) => (renamed.has(word) ? word + suffix(copy) : word)).join(' ');

const passages = all('select * from passage order by id');
const copies = Math.ceil(Number(wanted) / passages.length);

function writeCopies() {
const stems = new Map(all('select term, id from term').map((row) => [row.term, row.id]));
const termFrequency = new Map();
const count = (key) => termFrequency.set(key, (termFrequency.get(key) ?? 0) + 1);
/** Stems of a passage: a key in `term`, or the word to rename; null ends a list. */
const sequences = passages.map((passage) => {
  const lists = [words(passage.title), ...sentenceWords(passage.body, JSON.parse(passage.blocks))];
  const sequence = lists.flatMap((list) => [
    ...list.filter((word) => !STOP_WORDS.has(word.norm)).map((word) => (isRenamed(word.surface) ? word.norm : stems.get(porterStem(word.norm)) ?? 0)),
    null,
  ]);
  for (const key of new Set(sequence)) if (key !== null) count(key);
  return sequence;
});
const posts = Map.groupBy(all('select name, kind, passage from post'), (row) => row.passage);
const documents = new Map(all('select * from document').map((row) => [row.id, row]));
const maximum = (table) => db.prepare(`select max(id) as id from ${table}`).get().id;
let nextName = maximum('name');
let nextTerm = maximum('term');
let nextPassage = maximum('passage');
let nextDocument = maximum('document');
const isNameRenamed = (name) => name.norm.split(' ').some((word) => renamed.has(word));
const started = performance.now();
const target = new DatabaseSync(file);
target.exec('pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -1000000; begin');
const insert = {
  name: target.prepare('insert into name(id, norm, titles, mentions, in_titles, runs, grams, passages) values (?, ?, ?, ?, ?, ?, ?, ?)'),
  post: target.prepare('insert into post values (?, ?, ?)'),
  term: target.prepare('insert into term values (?, ?, ?)'),
  word: target.prepare('insert or ignore into word values (?, ?)'),
  document: target.prepare('insert into document values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
  passage: target.prepare('insert into passage values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
  text: target.prepare('insert into passage_text(rowid, title, body) values (?, ?, ?)'),
};
for (let copy = 1; copy < copies; copy += 1) {
  const nameIds = new Map();
  for (const name of names.filter(isNameRenamed)) {
    nameIds.set(name.id, ++nextName);
    insert.name.run(nextName, renameNorm(name.norm, copy), name.titles, name.mentions, name.in_titles, name.runs, name.grams, name.passages);
  }
  const termIds = new Map();
  for (const [word, passageCount] of termFrequency) {
    if (typeof word !== 'string') continue;
    termIds.set(word, ++nextTerm);
    insert.term.run(nextTerm, porterStem(word + suffix(copy)), passageCount);
    insert.word.run(word + suffix(copy), frequency.get(word) ?? 1);
  }
  const newPosts = [];
  for (const [i, passage] of passages.entries()) {
    const document = { ...documents.get(passage.document) };
    const title = renameText(passage.title, copy);
    const body = renameText(passage.body, copy);
    document.id = ++nextDocument;
    document.document_id += suffix(copy);
    document.external_id = `${copy}/${document.external_id}`;
    insert.document.run(...Object.values(document));
    const links = new Int32Array(passage.names.slice().buffer);
    for (let at = 0; at + 2 < links.length; at += 3 + links[at + 2]) links[at + 1] = nameIds.get(links[at + 1]) ?? links[at + 1];
    const terms = Int32Array.from(sequences[i], (key) => (key === null ? 0 : (termIds.get(key) ?? key)));
    nextPassage += 1;
    insert.passage.run(nextPassage, document.id, 0, passage.chunk_id + suffix(copy), passage.position, new Uint8Array(links.buffer), new Uint8Array(terms.buffer), title, body, passage.blocks);
    insert.text.run(nextPassage, title, body);
    for (const { name, kind } of posts.get(passage.id) ?? []) newPosts.push([nameIds.get(name) ?? name, kind, nextPassage]);
  }
  newPosts.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
  for (const post of newPosts) insert.post.run(...post);
  if (copy % 10 === 0) process.stderr.write(`${copy} of ${copies} copies, ${((performance.now() - started) / 1000).toFixed(0)} s\n`);
}
const shared = names.filter((name) => !isNameRenamed(name)).map((name) => name.id);
const grow = target.prepare('update name set titles = titles * ?1, mentions = mentions * ?1, in_titles = in_titles * ?1, runs = runs * ?1, grams = grams * ?1, passages = passages * ?1 where id = ?2');
for (const id of shared) grow.run(copies, id);
const growTerm = target.prepare('update term set passages = passages + ? where id = ?');
for (const [key, passageCount] of termFrequency) if (typeof key === 'number') growTerm.run(passageCount * (copies - 1), key);
const growWord = target.prepare('update word set passages = passages * ? where word = ?');
for (const word of frequency.keys()) if (!renamed.has(word)) growWord.run(copies, word);
for (const key of ['passages', 'title_length', 'body_length']) target.prepare('update meta set value = value * ? where key = ?').run(copies, key);
target.exec("update meta set value = value + 1 where key = 'index_version'; commit");
target.close();
return Math.round((performance.now() - started) / 1000);
}

const writtenSeconds = isMade ? undefined : writeCopies();
db.close();

const { loadSettings } = await load('config/load-settings.js');
const { SqlitePool } = await load('storage/sqlite-pool.service.js');
const { SqliteGraphFiles } = await load('graph/adapters/sqlite/sqlite-graph-files.js');
const { SharedSigns } = await load('graph/adapters/sqlite/shared-signs.js');
const { SqliteProgramRunner } = await load('graph/adapters/sqlite/sqlite-program-runner.js');
const { SystemClock } = await load('common/clock/system-clock.js');
const { RETRIEVE } = await load('retrieval/chain/retrieve.program.js');
const { RETRIEVAL_DEFAULTS } = await load('retrieval/retrieval-config.js');
const settings = loadSettings({ DATA_DIR: folder });
const pool = new SqlitePool(settings.store);
const programs = new SqliteProgramRunner(new SqliteGraphFiles(pool, settings.server, new SharedSigns(new SystemClock())));
const asked = readFileSync(questionsFile, 'utf8').trim().split('\n').map((line, i) => ({ ...JSON.parse(line), copy: (i * 7919) % copies }));
const latencies = [];
const stages = new Map();
let recall = 0;
for (const [i, { question, gold, copy }] of [...asked.slice(0, 100), ...asked].entries()) {
  const query = copy === 0 ? question : renameText(question, copy);
  const start = performance.now();
  const found = await programs.run({ uid }, RETRIEVE, { query, k: 8, config: RETRIEVAL_DEFAULTS });
  if (i < 100) continue;
  latencies.push(performance.now() - start);
  for (const [stage, ms] of Object.entries(found.ms)) stages.set(stage, [...(stages.get(stage) ?? []), ms]);
  const top = new Set(found.passages.slice(0, 5).map(({ passage }) => passage.externalId));
  recall += gold.filter((id) => top.has(copy === 0 ? id : `${copy}/${id}`)).length / gold.length;
}
const at = (values, share) => Number([...values].sort((a, b) => a - b)[Math.floor(values.length * share)].toFixed(2));
process.stdout.write(`${JSON.stringify({
  passages: copies * passages.length,
  writtenSeconds,
  databaseMb: Math.round(statSync(file).size / 1e6),
  rssMb: Math.round(process.memoryUsage.rss() / 1e6),
  questions: asked.length,
  recallAt5: Number(((100 * recall) / asked.length).toFixed(2)),
  p50Ms: at(latencies, 0.5),
  p95Ms: at(latencies, 0.95),
  p99Ms: at(latencies, 0.99),
  stagesP50Ms: Object.fromEntries([...stages].map(([stage, values]) => [stage, at(values, 0.5)])),
})}\n`);
await pool.onApplicationShutdown();
