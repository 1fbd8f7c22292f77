import type { IngestEstimate } from '../../ingestion/ingestion.types.ts';

/** What an ingestion would do, for a person. */
export function describeEstimate(estimate: IngestEstimate): string {
  const { calls, documents, failed, chunks, newChunks, promptTokens, completionTokens, embeddingTokens, costUsd, seconds, measured } = estimate;
  const number = (value: number): string => value.toLocaleString('en-US');
  const lines: readonly (readonly [string, string])[] = [
    ['documents', `${number(documents)} new or changed${failed > 0 ? `, ${number(failed)} that cannot be read` : ''}`],
    ['chunks', `${number(chunks)}, of which ${number(newChunks)} are new`],
    ['model calls', `${number(calls.extract)} for extraction, at most ${number(calls.embed)} for vectors`],
    ['tokens', `${number(promptTokens)} asked, about ${number(completionTokens)} answered, at most ${number(embeddingTokens)} embedded`],
    ['cost', costUsd === 0 ? 'nothing that config/models.json has a price for' : `about $${costUsd.toFixed(costUsd < 1 ? 4 : 2)}`],
    ['time', `about ${seconds.toFixed(0)} s, ${measured ? 'as fast as earlier calls' : 'if a call takes 5 s (no call was made yet)'}`],
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  return ['Nothing was written and no model was asked. The ingestion would need', ...lines.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`)].join('\n');
}
