import type { RetrievalService } from '../../src/retrieval/retrieval.service.ts';
import type { RetrievalRequest, RetrievedPassage } from '../../src/retrieval/retrieval.types.ts';
import { fakeResult } from './passages.ts';

/** Finds the same passages for every question, and remembers what it was asked. */
export class FakeRetrieval implements Pick<RetrievalService, 'retrieve'> {
  readonly requests: RetrievalRequest[] = [];

  constructor(private readonly passages: readonly RetrievedPassage[]) {}

  retrieve(request: RetrievalRequest): ReturnType<RetrievalService['retrieve']> {
    this.requests.push(request);
    return Promise.resolve(fakeResult(this.passages, request.query));
  }

  /** As what services ask for. */
  asService(): RetrievalService {
    return this as unknown as RetrievalService;
  }
}
