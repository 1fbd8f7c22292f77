/**
 * The same items, of which up to `count` are asked for before they are wanted. A source that fails does so behind what it gave; it is
 * told to stop when the reader leaves.
 */
export async function* readAhead<T>(source: AsyncIterable<T>, count: number): AsyncGenerator<T, void, undefined> {
  const items = source[Symbol.asyncIterator]();
  const asked: Promise<IteratorResult<T>>[] = [];
  const ask = (): void => {
    const next = items.next();
    // It is told to whoever takes it.
    next.catch(() => undefined);
    asked.push(next);
  };
  try {
    while (asked.length < count) ask();
    for (let next = asked.shift(); next !== undefined; next = asked.shift()) {
      const step = await next;
      if (step.done === true) return;
      ask();
      yield step.value;
    }
  } finally {
    await Promise.allSettled(asked);
    await items.return?.();
  }
}
