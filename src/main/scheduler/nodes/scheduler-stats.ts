// The counters of nodes and decisions, for `/metrics` and for the `performance` line of the log.
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { Counter, Histogram, type Registry } from 'prom-client';
import type { NodeErrorCode } from '../../../shared/protocol/codes';
import type { NodeStatus, StatusReasonCode } from '../../../shared/protocol/status';

const NS_PER_MS = 1e6;
const BUCKETS_SECONDS = [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1];

/** Durations since the last report. Percentiles are null when there were none: unknown is not zero. */
export interface Durations {
  readonly count: number;
  readonly p50Us: number | null;
  readonly p99Us: number | null;
}

export class SchedulerStats {
  readonly #heartbeats: Histogram;
  readonly #decisions: Histogram;
  readonly #statusChanges: Counter<'to' | 'reason_code'>;
  readonly #modelExclusions: Counter;
  readonly #wakes: Counter<'outcome'>;
  readonly #nodeErrors: Counter<'code'>;
  readonly #closedSockets: Counter<'code'>;
  readonly #refusedUpgrades: Counter<'status'>;
  readonly #authFailures: Counter;
  readonly #limitsReached: Counter<'limit'>;
  readonly #recentHeartbeats = createHistogram();
  readonly #recentDecisions = createHistogram();

  constructor(registry: Registry) {
    const registers = [registry];
    const duration = { buckets: BUCKETS_SECONDS, registers };
    this.#heartbeats = new Histogram({
      name: 'muster_heartbeat_handling_seconds',
      help: 'Decoding and applying one heartbeat.',
      ...duration,
    });
    this.#decisions = new Histogram({ name: 'muster_dispatch_decision_seconds', help: 'Choosing a node for one job.', ...duration });
    this.#statusChanges = new Counter({
      name: 'muster_node_status_changes_total',
      help: 'Status changes of nodes, by new status and reason.',
      labelNames: ['to', 'reason_code'],
      registers,
    });
    this.#modelExclusions = new Counter({
      name: 'muster_model_exclusions_total',
      help: 'Models that were excluded on a node because their attempts failed there.',
      registers,
    });
    this.#wakes = new Counter({
      name: 'muster_node_wakes_total',
      help: 'Nodes that were woken for jobs, by outcome: ready, or timeout.',
      labelNames: ['outcome'],
      registers,
    });
    this.#nodeErrors = new Counter({
      name: 'muster_node_errors_total',
      help: 'Errors answered to nodes, by code.',
      labelNames: ['code'],
      registers,
    });
    this.#closedSockets = new Counter({
      name: 'muster_node_sockets_closed_total',
      help: 'Node sockets closed by the scheduler, by close code.',
      labelNames: ['code'],
      registers,
    });
    this.#refusedUpgrades = new Counter({
      name: 'muster_node_upgrades_refused_total',
      help: 'WebSocket upgrades refused, by HTTP status.',
      labelNames: ['status'],
      registers,
    });
    this.#authFailures = new Counter({
      name: 'muster_auth_failures_total',
      help: 'Requests and upgrades with a wrong token.',
      registers,
    });
    this.#limitsReached = new Counter({
      name: 'muster_limits_reached_total',
      help: 'Connections, registrations and requests that a limit refused, by limit.',
      labelNames: ['limit'],
      registers,
    });
  }

  /** `ms`: of all of these heartbeats together. */
  heartbeatsHandled(count: number, ms: number): void {
    for (let i = 0; i < count; i++) {
      this.#heartbeats.observe(ms / count / 1000);
      record(this.#recentHeartbeats, ms / count);
    }
  }

  decided(ms: number): void {
    this.#decisions.observe(ms / 1000);
    record(this.#recentDecisions, ms);
  }

  statusChanged(to: NodeStatus, reasonCode: StatusReasonCode): void {
    this.#statusChanges.inc({ to, reason_code: reasonCode });
  }

  modelFailing(): void {
    this.#modelExclusions.inc();
  }

  wakeEnded(outcome: 'ready' | 'timeout'): void {
    this.#wakes.inc({ outcome });
  }

  nodeErrorSent(code: NodeErrorCode): void {
    this.#nodeErrors.inc({ code });
  }

  socketClosed(code: number): void {
    this.#closedSockets.inc({ code: String(code) });
  }

  upgradeRefused(httpStatus: number): void {
    this.#refusedUpgrades.inc({ status: String(httpStatus) });
  }

  authFailed(): void {
    this.#authFailures.inc();
  }

  limitReached(limit: string, times = 1): void {
    this.#limitsReached.inc({ limit }, times);
  }

  /** The durations since the last call. Resets them. */
  takeRecent(): { readonly heartbeats: Durations; readonly decisions: Durations } {
    return { heartbeats: take(this.#recentHeartbeats), decisions: take(this.#recentDecisions) };
  }
}

/** The native histogram accepts whole nanoseconds above zero. */
const record = (histogram: RecordableHistogram, ms: number): void => {
  histogram.record(Math.max(1, Math.round(ms * NS_PER_MS)));
};

function take(histogram: RecordableHistogram): Durations {
  const { count } = histogram;
  const percentileUs = (percent: number): number | null => (count === 0 ? null : Math.round(histogram.percentile(percent) / 1000));
  const durations = { count, p50Us: percentileUs(50), p99Us: percentileUs(99) };
  histogram.reset();
  return durations;
}
