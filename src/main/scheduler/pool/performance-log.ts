// Logs the performance of the scheduler once a minute: rates, percentiles, event-loop delay, memory (lifecycle §4, `performance`).
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { NodeStatus } from '../../../shared/protocol/status';
import type { Clock, Timer } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { SchedulerStats } from '../nodes/scheduler-stats';

const INTERVAL_MS = 60_000;
const RESOLUTION_MS = 20;
const NS_PER_MS = 1e6;

export interface PerformanceLogOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stats: SchedulerStats;
  readonly countByStatus: () => Readonly<Record<NodeStatus, number>>;
}

/** Returns a function that stops the log. */
export function logPerformance({ clock, logger, stats, countByStatus }: PerformanceLogOptions): () => void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  let sinceMonotonicMs = clock.monotonicMs();
  let timer: Timer;
  const schedule = (): void => {
    timer = clock.setTimer(INTERVAL_MS, report);
  };
  const report = (): void => {
    const nowMonotonicMs = clock.monotonicMs();
    const seconds = (nowMonotonicMs - sinceMonotonicMs) / 1000;
    sinceMonotonicMs = nowMonotonicMs;
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
      nodes: countByStatus(),
    });
    delay.reset();
    schedule();
  };
  schedule();
  return () => {
    timer.cancel();
    delay.disable();
  };
}

const perSecond = (count: number, seconds: number): number => Math.round((count / seconds) * 10) / 10;

/** The monitor counts its own resolution as delay. Null: the monitor has no values yet. */
const milliseconds = (ns: number, count: number): number | null =>
  count === 0 ? null : Math.max(0, Math.round((ns / NS_PER_MS - RESOLUTION_MS) * 100) / 100);
