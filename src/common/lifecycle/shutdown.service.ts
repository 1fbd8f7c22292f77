import { Injectable } from '@nestjs/common';
import { RequestError } from '../errors/request.errors.ts';
import { InFlight } from './in-flight.ts';

/**
 * The state of a stop. `begin()` turns readiness off and refuses new work; `expire()` tells what is still under way, through the
 * signal, that its time is over.
 */
@Injectable()
export class ShutdownService {
  /** Requests and streams under way. */
  readonly requests = new InFlight();
  readonly #deadline = new AbortController();
  #stopping = false;

  /** True from the first moment of a stop. */
  get stopping(): boolean {
    return this.#stopping;
  }

  /** Aborted when the time for work under way is over; the reason is a RequestError `shutting-down`. */
  get signal(): AbortSignal {
    return this.#deadline.signal;
  }

  begin(): void {
    this.#stopping = true;
  }

  expire(): void {
    this.#deadline.abort(ShutdownService.refusal());
  }

  /** What new work is refused with during a stop. */
  static refusal(): RequestError {
    return new RequestError('shutting-down', 'The service is stopping.', {
      remedy: 'Send the request again; another replica or the restarted service will answer.',
      retryable: true,
    });
  }
}
