import type { INestApplicationContext } from '@nestjs/common';
import { Clock } from '../../common/clock/clock.port.ts';
import type { IngestProgress } from '../../ingestion/ingestion.types.ts';
import { ModelGateway } from '../../models/model-gateway.service.ts';

const EVERY_MS = 250;
/** More samples than that are thinned out, so that memory and plot stay small however long it takes. */
const MOST_SAMPLES = 2000;

/** How an ingestion stood at a moment. */
export interface IngestSample {
  readonly seconds: number;
  readonly megabytesRead: number;
  readonly callsInFlight: number;
  readonly callsWaiting: number;
  readonly callsDone: number;
  readonly rssMb: number;
}

/** Looks at an ingestion now and then. */
export class IngestSampler {
  readonly #gateway: ModelGateway;
  readonly #clock: Clock;
  readonly #over = new AbortController();
  readonly #startMs: number;
  #samples: IngestSample[] = [];
  #every = 1;
  #bytes = 0;
  #ticks = 0;

  constructor(app: INestApplicationContext) {
    this.#gateway = app.get(ModelGateway, { strict: false });
    this.#clock = app.get(Clock, { strict: false });
    this.#startMs = this.#clock.monotonic();
    void this.#run();
  }

  progress({ done, unit }: IngestProgress): void {
    if (unit === 'bytes') this.#bytes = done;
  }

  /** Looks once more, and ends. */
  end(): readonly IngestSample[] {
    if (!this.#over.signal.aborted) this.#samples.push(this.#sample());
    this.#over.abort();
    return this.#samples;
  }

  async #run(): Promise<void> {
    const { signal } = this.#over;
    while (!signal.aborted) {
      if (this.#ticks % this.#every === 0) this.#samples.push(this.#sample());
      this.#ticks += 1;
      if (this.#samples.length > MOST_SAMPLES) {
        this.#samples = this.#samples.filter((_, i) => i % 2 === 0);
        this.#every *= 2;
      }
      await this.#clock.sleep(EVERY_MS, signal).catch(() => undefined);
    }
  }

  #sample(): IngestSample {
    const bulk = this.#gateway.figures().filter(({ lane }) => lane === 'bulk');
    const sum = (read: (figures: (typeof bulk)[number]) => number): number => bulk.reduce((total, each) => total + read(each), 0);
    return {
      seconds: Math.round(this.#clock.monotonic() - this.#startMs) / 1000,
      megabytesRead: Math.round(this.#bytes / 1e4) / 100,
      callsInFlight: sum(({ inFlight }) => inFlight),
      callsWaiting: sum(({ waiting }) => waiting),
      callsDone: sum(({ succeeded }) => succeeded),
      rssMb: Math.round(process.memoryUsage.rss() / 1e5) / 10,
    };
  }
}
