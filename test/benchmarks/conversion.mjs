// How fast other formats are read, and what that does to the event loop and the memory of the process that reads them: a PDF of 300 pages
// made of text given, 10 MB of captions, a table of a million rows, and every file of a folder with hostile ones.
// usage: npm run build; node test/benchmarks/conversion.mjs <file of text> [folder of hostile files]
import { Buffer } from 'node:buffer';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { clearInterval, setInterval } from 'node:timers';
import { setTimeout as delay } from 'node:timers/promises';
import 'reflect-metadata';

const [textFile, hostile] = process.argv.slice(2);
if (textFile === undefined) {
  console.error('usage: node test/benchmarks/conversion.mjs <file of text> [folder of hostile files]');
  process.exit(2);
}
const load = (path) => import(new URL(`../../dist/${path}`, import.meta.url).href);
const { DocumentConverter } = await load('ingestion/conversion/document-converter.service.js');
const { binaryFormatOf } = await load('ingestion/conversion/formats.js');
const { readCues } = await load('ingestion/conversion/cues.js');
const { readDelimited } = await load('ingestion/conversion/delimited.js');

/** The event loop turns at least so often. */
const REST_MS = 10;
const words = readFileSync(textFile, 'utf8').split(/\s+/).map((word) => word.replaceAll(/[^ -~]/g, ''));
const converter = new DocumentConverter();

/** A PDF of so many pages of fifty lines. */
function pdf(pages) {
  const objects = ['<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'];
  const pagesId = 2 + pages * 2;
  const kids = [];
  let at = 0;
  for (let page = 0; page < pages; page += 1) {
    const shown = Array.from({ length: 50 }, () => {
      const line = Array.from({ length: 14 }, () => words[(at += 1) % words.length]).join(' ');
      return `(${line.replaceAll(/[\\()]/g, '\\$&')}) Tj 0 -14 Td`;
    });
    const content = `BT /F1 11 Tf 40 780 Td ${shown.join('\n')} ET`;
    objects.push(`<< /Length ${content.length} >>\nstream\n${content}\nendstream`);
    objects.push(`<< /Type /Page /Parent ${pagesId} 0 R /MediaBox [0 0 595 842] /Contents ${objects.length} 0 R /Resources << /Font << /F1 1 0 R >> >> >>`);
    kids.push(`${objects.length} 0 R`);
  }
  objects.push(`<< /Type /Pages /Kids [${kids.join(' ')}] /Count ${kids.length} >>`, `<< /Type /Catalog /Pages ${pagesId} 0 R >>`);
  let out = '%PDF-1.4\n';
  const places = objects.map((body, i) => { const place = out.length; out += `${i + 1} 0 obj\n${body}\nendobj\n`; return place; });
  const start = out.length;
  out += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('')}trailer << /Size ${objects.length + 1} /Root ${objects.length} 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(out, 'latin1');
}

async function* parts(text, size = 65_536) {
  for (let i = 0; i < text.length; i += size) yield text.slice(i, i + size);
}
async function* once(bytes) {
  yield bytes;
}

async function counted(items) {
  let count = 0;
  let rested = performance.now();
  for (let step = await items.next(); step.done !== true; step = await items.next()) {
    count += 1;
    if (performance.now() - rested < REST_MS) continue;
    // As an ingestion does between blocks.
    await delay(0);
    rested = performance.now();
  }
  return count;
}

/** Milliseconds, the largest memory seen, and the delay of the event loop beside that of an idle one. */
async function measured(workload) {
  const idle = monitorEventLoopDelay({ resolution: 1 });
  idle.enable();
  await delay(1500);
  idle.disable();
  const busy = monitorEventLoopDelay({ resolution: 1 });
  let peak = 0;
  const watch = setInterval(() => { peak = Math.max(peak, process.memoryUsage.rss()); }, 20);
  busy.enable();
  const started = performance.now();
  const count = await workload();
  const ms = performance.now() - started;
  busy.disable();
  clearInterval(watch);
  const p999 = (histogram) => Math.round(histogram.percentile(99.9) / 1e5) / 10;
  return { count, seconds: Math.round(ms / 10) / 100, perSecond: Math.round(count / (ms / 1000)), loopP999Ms: p999(busy), idleP999Ms: p999(idle), peakRssMb: Math.round(peak / 1e6) };
}

async function convert(bytes, format) {
  const pages = new Set();
  for await (const { page } of converter.convert(format, once(bytes))) pages.add(page);
  return pages.size;
}

await convert(pdf(3), 'pdf');
console.log(JSON.stringify({ benchmark: 'pdf of 300 pages', ...(await measured(() => convert(pdf(300), 'pdf'))) }));

let vtt = 'WEBVTT\n\n';
const clock = (seconds) => [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) => String(Math.floor(part)).padStart(2, '0')).join(':');
for (let i = 0; vtt.length < 10_000_000; i += 1) vtt += `${clock(i)}.000 --> ${clock(i)}.900\n<v Speaker ${Math.floor(i / 5) % 4}>${words.slice((i * 12) % (words.length - 12), ((i * 12) % (words.length - 12)) + 12).join(' ')}\n\n`;
console.log(JSON.stringify({ benchmark: '10 MB of WebVTT, turns', ...(await measured(() => counted(readCues(parts(vtt))))) }));
vtt = '';

async function* table(rows) {
  yield 'id,name,city,amount,note\n';
  for (let i = 0; i < rows; i += 500) yield Array.from({ length: 500 }, (_, j) => `${i + j},Person ${(i + j) % 5000},City ${(i + j) % 300},${((i + j) * 7) % 1000}.50,"note ${i + j}, with comma"\n`).join('');
}
console.log(JSON.stringify({ benchmark: 'table of 1,000,000 rows', ...(await measured(() => counted(readDelimited(table(1_000_000), ',')))) }));

if (hostile !== undefined) {
  const files = readdirSync(hostile).map((name) => [name, readFileSync(join(hostile, name))]);
  const outcomes = {};
  const figures = await measured(async () => {
    for (const [name, bytes] of files) {
      const format = binaryFormatOf(bytes.subarray(0, 262_144), name)?.format ?? 'html';
      outcomes[name] = await convert(bytes, format).then((pages) => `${pages} pages`, (error) => error.code ?? String(error));
    }
    return files.length;
  });
  console.log(JSON.stringify({ benchmark: 'hostile files', ...figures, outcomes }));
}
await converter.onApplicationShutdown();
