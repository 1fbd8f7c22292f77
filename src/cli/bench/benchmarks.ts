import { Injectable } from '@nestjs/common';
import type { Benchmark } from './benchmark.types.ts';
import { ChatBenchmark } from './chat.benchmark.ts';
import { GraphFetchBenchmark } from './graph-fetch.benchmark.ts';
import { GrowBenchmark } from './grow/grow.benchmark.ts';
import { IngestBenchmark } from './ingest.benchmark.ts';
import { RetrieveBenchmark } from './retrieve.benchmark.ts';

/** The benchmarks there are. */
@Injectable()
export class Benchmarks {
  readonly all: readonly Benchmark[];

  constructor(retrieve: RetrieveBenchmark, chat: ChatBenchmark, ingest: IngestBenchmark, grow: GrowBenchmark, graphFetch: GraphFetchBenchmark) {
    this.all = [retrieve, chat, ingest, grow, graphFetch];
  }
}
