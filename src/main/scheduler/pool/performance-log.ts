// Once a minute one log line of how the scheduler does: rates, percentiles, event-loop delay, memory (lifecycle §4, `performance`).
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Timer } from '../../platform/clock';
import type { Scheduler } from './pool';

const INTERVAL_MS = 60_000;
const RESOLUTION_MS = 20;
const NS_PER_MS = 1e6;

/** Returns how to stop. */
export function logPerformance(scheduler: Scheduler): () => void {
  const { clock, logger, stats } = scheduler.parts;
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  let sinceMs = clock.monotonicMs();
  let timer: Timer;
  const again = (): void => {
    timer = clock.setTimer(INTERVAL_MS, report);
  };
  const report = (): void => {
    const nowMs = clock.monotonicMs();
    const seconds = (nowMs - sinceMs) / 1000;
    sinceMs = nowMs;
    const { heartbeats, decisions } = stats.takeRecent();
    logger.log('info', 'performance', {
      heartbeats_per_second: perSecond(heartbeats.count, seconds),
      heartbeat_p50_us: heartbeats.p50Us,
      heartbeat_p99_us: heartbeats.p99Us,
      decisions_per_second: perSecond(decisions.count, seconds),
      decision_p50_us: decisions.p50Us,
      decision_p99_us: decisions.p99Us,
      event_loop_delay_p50_ms: milliseconds(delay.percentile(50), delay.count),
      event_loop_delay_p99_ms: milliseconds(delay.percentile(99), delay.count),
      rss_mb: Math.round(process.memoryUsage.rss() / 1024 / 1024),
      nodes: scheduler.registry.countByStatus(),
    });
    delay.reset();
    again();
  };
  again();
  return () => {
    timer.cancel();
    delay.disable();
  };
}

const perSecond = (count: number, seconds: number): number => Math.round((count / seconds) * 10) / 10;

/** The monitor counts its own resolution as delay. Null: it has seen nothing yet. */
const milliseconds = (ns: number, count: number): number | null =>
  count === 0 ? null : Math.max(0, Math.round((ns / NS_PER_MS - RESOLUTION_MS) * 100) / 100);
