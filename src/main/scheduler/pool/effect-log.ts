// The log lines and counters of the effects of node events, and the log lines of pauses.
import type { Logger } from '../../platform/logger';
import type { Effect } from '../lifecycle/events';
import type { NodeRecord } from '../lifecycle/node-record';
import { isLoss } from '../lifecycle/status-change';
import type { SchedulerStats } from '../nodes/scheduler-stats';

type EffectOf<Type extends Effect['type']> = Extract<Effect, { type: Type }>;

export class EffectLog {
  readonly #logger: Logger;
  readonly #stats: SchedulerStats;

  constructor(logger: Logger, stats: SchedulerStats) {
    this.#logger = logger;
    this.#stats = stats;
  }

  log(nodeId: string, effect: Effect): void {
    if (effect.type === 'status_changed') this.#statusChanged(nodeId, effect);
    else if (effect.type === 'health_checked') this.#healthChecked(nodeId, effect);
    else if (effect.type === 'heartbeat_timed_out') this.#timedOut(nodeId, effect);
    else if (effect.type === 'model_failing') this.#modelFailing(nodeId, effect);
    else if (effect.type === 'wake_ended') this.#wakeEnded(nodeId, effect);
    else if (effect.type === 'removed') this.#logger.log('info', 'node_removed', { node_id: nodeId, reason_code: effect.reasonCode });
  }

  /** After a change of the node. Null: the node is new, or no longer known. */
  pauseChanged(nodeId: string, previous: NodeRecord | null, next: NodeRecord | null): void {
    const [before, after] = [previous?.pause ?? null, next?.pause ?? null];
    if (before === after) return;
    if (after === null) {
      if (next !== null) this.#logger.log('info', 'node_unpaused', { node_id: nodeId, reason_code: before?.code ?? null });
      return;
    }
    const { code, detail, untilWallMs, timeoutMs } = after;
    const fields = { node_id: nodeId, reason_code: code, detail, until: untilWallMs, running_jobs: timeoutMs === 0 ? 'move' : 'finish' };
    this.#logger.log('info', 'node_paused', fields);
  }

  #statusChanged(nodeId: string, { from, to, reasonCode, msInPrevious }: EffectOf<'status_changed'>): void {
    this.#stats.statusChanged(to, reasonCode);
    const seconds = msInPrevious === null ? null : Math.round(msInPrevious) / 1000;
    const fields = { node_id: nodeId, from, to, reason_code: reasonCode, seconds_in_previous: seconds };
    this.#logger.log(isLoss(reasonCode) ? 'warn' : 'info', 'node_status_changed', fields);
  }

  #healthChecked(nodeId: string, effect: EffectOf<'health_checked'>): void {
    if (!this.#logger.isEnabled('debug')) return;
    this.#logger.log('debug', 'health_check', {
      node_id: nodeId,
      ok: effect.ok,
      failed_checks: effect.failedChecks.map((check) => check.code),
      consecutive_successes: effect.consecutiveSuccesses,
      failures_in_window: effect.failuresInWindow,
    });
  }

  #modelFailing(nodeId: string, { modelId, entry: { failures, until, lastError } }: EffectOf<'model_failing'>): void {
    this.#stats.modelFailing();
    const fields = { node_id: nodeId, model_id: modelId, failures, until: until.wallMs, code: lastError?.code ?? null };
    this.#logger.log('warn', 'model_failing', fields);
  }

  #wakeEnded(nodeId: string, { outcome, tookMs }: EffectOf<'wake_ended'>): void {
    this.#stats.wakeEnded(outcome);
    const fields = { node_id: nodeId, seconds: Math.round(tookMs / 1000) };
    if (outcome === 'ready') this.#logger.log('info', 'node_woke', fields);
    else this.#logger.log('warn', 'wake_timeout', fields);
  }

  #timedOut(nodeId: string, { lastSeenAtWallMs, lateMs }: EffectOf<'heartbeat_timed_out'>): void {
    this.#logger.log('warn', 'heartbeat_timeout', { node_id: nodeId, last_seen_ms: lastSeenAtWallMs, late_ms: Math.round(lateMs) });
  }
}
