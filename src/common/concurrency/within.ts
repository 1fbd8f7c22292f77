/**
 * What `work` resolves to, or a rejection once `limitMs` have passed; the work itself goes on and is not waited for. On real time,
 * like the time limits of the clients of servers: it bounds how long a caller waits, and nothing else depends on it.
 */
export async function within<T>(limitMs: number, work: Promise<T>, late: () => Error): Promise<T> {
  const { promise: overdue, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(late());
  }, limitMs);
  try {
    return await Promise.race([work, overdue]);
  } finally {
    clearTimeout(timer);
  }
}
