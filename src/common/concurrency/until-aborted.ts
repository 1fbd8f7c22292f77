/**
 * The same parts, but a step that waits ends as soon as the signal is aborted, whatever the source does. The source is told to stop
 * and not waited for.
 * @throws the signal's reason
 */
export async function* untilAborted<T>(source: AsyncIterable<T>, signal?: AbortSignal): AsyncGenerator<T, void, undefined> {
  if (signal === undefined) {
    yield* source;
    return;
  }
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  aborted.catch(() => undefined);
  const abort = (): void => {
    reject(signal.reason);
  };
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  const parts = source[Symbol.asyncIterator]();
  let ended = false;
  try {
    for (let step = await Promise.race([aborted, parts.next()]); step.done !== true; step = await Promise.race([aborted, parts.next()])) {
      yield step.value;
    }
    ended = true;
  } finally {
    signal.removeEventListener('abort', abort);
    if (!ended) stop(parts);
  }
}

function stop(parts: AsyncIterator<unknown>): void {
  // What a source says while it is being stopped is of no interest any longer.
  parts.return?.().catch(() => undefined);
}
