// The states and events of the table in `transition-cells.test.ts`: the five statuses, no node, and the variants of offline.
import type { Effect, NodeEvent, Transition } from '../../../../src/main/scheduler/lifecycle/events';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import { assertNever } from '../../../../src/shared/assert-never';
import { aDrain, aPause, aProfile, aRecord, BROKE, failingBeat, healthyBeat, jobAssigned, jobReleased, NO_GRACE, POLICY } from './records';

/** Monotonic ms of the events below: before any deadline of a record that was last seen at 0. */
export const SOON_MS = 1000;
/** After every deadline. */
export const LATE_MS = POLICY.offlineRetentionMs + 1;

export const STATES = {
  none: null,
  registering: aRecord({ status: 'registering', reasonCode: 'registered', previousStatus: null }),
  ready: aRecord({ assignedJobs: 1 }),
  degraded: aRecord({ status: 'degraded', reasonCode: 'health_check_failed', previousStatus: 'ready' }),
  draining: aRecord({ status: 'draining', reasonCode: 'drain_requested', drain: aDrain(), assignedJobs: 1 }),
  'drained by operator': aRecord({ status: 'offline', reasonCode: 'drain_complete', drain: aDrain() }),
  'drained by node': aRecord({ status: 'offline', reasonCode: 'drain_complete', drain: aDrain({ by: 'node' }) }),
  'drained, disconnected': aRecord({ status: 'offline', reasonCode: 'drain_complete', drain: aDrain(), online: false }),
  'drained by node, disconnected': aRecord({
    status: 'offline',
    reasonCode: 'drain_complete',
    drain: aDrain({ by: 'node' }),
    online: false,
  }),
  'timed out': aRecord({ status: 'offline', reasonCode: 'heartbeat_timeout', online: false }),
} as const satisfies Record<string, NodeRecord | null>;
export type StateName = keyof typeof STATES;

/** Of a node that its owner pauses. */
export const PAUSED_STATES = {
  pausing: aRecord({ status: 'draining', reasonCode: 'drain_requested', pause: aPause(), assignedJobs: 1 }),
  paused: aRecord({ status: 'offline', reasonCode: 'drain_complete', pause: aPause() }),
  'paused and drained': aRecord({ status: 'offline', reasonCode: 'drain_complete', pause: aPause(), drain: aDrain() }),
  'paused, disconnected': aRecord({ status: 'offline', reasonCode: 'drain_complete', pause: aPause(), online: false }),
} as const satisfies Record<string, NodeRecord>;
export type PausedStateName = keyof typeof PAUSED_STATES;

export const EVENTS = {
  registered: { type: 'registered', nodeId: 'node-1', profile: aProfile() },
  'healthy heartbeat': healthyBeat(),
  'failing heartbeat': failingBeat(),
  'connection lost': { type: 'connection_lost', isAsleep: false },
  'operator drains': { type: 'drain_requested', by: 'operator', reason: null, timeoutMs: null },
  'node drains': { type: 'drain_requested', by: 'node', reason: null, timeoutMs: null },
  'owner pauses': { type: 'pause_requested', pause: { code: 'full_screen', detail: 'Factorio', untilWallMs: null, timeoutMs: null } },
  'owner pauses, jobs move': { type: 'pause_requested', pause: { code: 'owner', detail: null, untilWallMs: null, timeoutMs: 0 } },
  'registered paused': {
    type: 'registered',
    nodeId: 'node-1',
    profile: aProfile(),
    pause: { code: 'owner', detail: null, untilWallMs: null, timeoutMs: null },
  },
  'operator resumes': { type: 'resume_requested', by: 'operator' },
  'node resumes': { type: 'resume_requested', by: 'node' },
  'job assigned': jobAssigned(),
  'job released': jobReleased(),
  'deadline, none due': { type: 'deadline_reached', graceUntilMonotonicMs: NO_GRACE },
  'deadline, all due': { type: 'deadline_reached', graceUntilMonotonicMs: NO_GRACE },
  'deadline, grace period': { type: 'deadline_reached', graceUntilMonotonicMs: LATE_MS + 1 },
  'operator quarantines': { type: 'quarantine_requested', reason: null },
  'operator releases': { type: 'release_requested' },
  'attempt failed': { type: 'attempt_failed', jobId: 'job-1', modelId: 'nmt-en-zh', error: BROKE },
  'failure excused': { type: 'failure_excused', modelId: 'nmt-en-zh' },
  left: { type: 'left' },
  removed: { type: 'removed' },
} as const satisfies Record<string, NodeEvent>;
export type EventName = keyof typeof EVENTS;

export const momentOf = (event: EventName): number =>
  event === 'deadline, all due' || event === 'deadline, grace period' ? LATE_MS : SOON_MS;

/** `ready health_check_passed online drain=- jobs=0 | health_checked:ok, registering>ready:health_check_passed` */
export const summary = ([record, effects]: Transition): string =>
  `${recordSummary(record)} | ${effects.map(effectSummary).join(', ') || '-'}`;

function recordSummary(record: NodeRecord | null): string {
  if (record === null) return 'none';
  const { status, reasonCode, online, drain, pause, assignedJobs } = record;
  const intents = `drain=${drain?.by ?? '-'}${pause === null ? '' : ` pause=${pause.code}`}`;
  return `${status} ${reasonCode} ${online ? 'online' : 'disconnected'} ${intents} jobs=${String(assignedJobs)}`;
}

function effectSummary(effect: Effect): string {
  switch (effect.type) {
    case 'status_changed':
      return `${effect.from ?? 'none'}>${effect.to}:${effect.reasonCode}`;
    case 'health_checked':
      return `checked:${effect.ok ? 'ok' : effect.failedChecks.map(({ code }) => code).join('+')}`;
    case 'heartbeat_timed_out':
      return 'timed_out';
    case 'requeue_jobs':
      return `requeue ${String(effect.jobs)}:${effect.cause}`;
    case 'close_socket':
      return `close ${String(effect.code)}`;
    case 'removed':
      return `removed:${effect.reasonCode}`;
    case 'wake_ended':
      return `woken:${effect.outcome}`;
    case 'model_failing':
      return `failing ${effect.modelId}`;
    case 'refused':
      return `refused:${effect.code}`;
    default:
      return assertNever(effect);
  }
}
