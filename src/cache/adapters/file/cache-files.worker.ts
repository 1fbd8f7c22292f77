/*
 * The thread of the file cache: an entry is half a dozen small calls to the disk, which cost more to hand to a pool of threads one by one
 * than to make.
 */
import { parentPort } from 'node:worker_threads';
import { answerRequests } from './cache-files.ts';
import type { FilesBatch, FilesReply, FilesRequest } from './cache-files.types.ts';

// What is to be removed is told by its error code; nobody reads the stacks of errors that mean "not there".
Error.stackTraceLimit = 0;

parentPort?.on('message', ({ id, items }: FilesBatch<FilesRequest>) => {
  parentPort?.postMessage({ id, items: answerRequests(items) } satisfies FilesBatch<FilesReply>);
});
