// Preloaded into a measured process (`node --import`): tells its parent, when asked, how late its event loop ran.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';
import type { ProbeAnswer } from './observed-process.ts';

const RESOLUTION_MS = 10;
const NANOSECONDS = 1e6;

function answer(delay: ReturnType<typeof monitorEventLoopDelay>): ProbeAnswer {
  const at = (share: number): number => Math.round((100 * delay.percentile(share)) / NANOSECONDS) / 100;
  return {
    delayMs: { p50: at(50), p99: at(99), p999: at(99.9), max: Math.round((100 * delay.max) / NANOSECONDS) / 100 },
    rssBytes: process.memoryUsage.rss(),
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  };
}

// A preload also runs in worker threads; the loop in question is the main one.
if (isMainThread && process.send !== undefined) {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  process.on('message', (message) => {
    if (message === 'reset') delay.reset();
    if (message === 'report') process.send?.(answer(delay));
  });
  // The channel alone must not keep the process alive.
  process.channel?.unref();
}
