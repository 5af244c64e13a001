// The availability of a node for screens and command line: its state, and the fact with numbers that explains the state. Both have one
// derivation, so that every view agrees. Pure.
import { assertNever } from '../assert-never';
import type { AvailabilityView, Exclusion, FailedCheck, Health } from '../protocol/scheduler-messages';
import type { PauseView } from '../protocol/pauses';
import type { AvailabilityState, NodeStatus } from '../protocol/status';
import { exclusionFacts, isHidden, type OverUse } from './exclusion-facts';
import type { NodeView } from './node-view';

/** The fields that a node view and a pushed status share. */
export interface AvailabilitySource {
  readonly status: NodeStatus;
  readonly online: boolean;
  readonly since: number;
  readonly in_flight_jobs: number;
  readonly max_concurrent_jobs: number;
  readonly usable_slots?: number | undefined;
  readonly availability?: AvailabilityView | undefined;
}

export interface Slots {
  readonly used: number;
  /** Slots that can be in use now. */
  readonly total: number;
  /** Slots that its owner set and that open one by one, with each successful job. */
  readonly later: number;
}

/** An older scheduler sends only the slots that the owner set. */
export function slotsOf({
  in_flight_jobs: used,
  max_concurrent_jobs: limit,
  usable_slots: usable,
}: Pick<AvailabilitySource, 'in_flight_jobs' | 'max_concurrent_jobs' | 'usable_slots'>): Slots {
  const total = Math.min(limit, usable ?? limit);
  return { used, total, later: limit - total };
}

/** States of a node whose status is `ready`. */
export const READY_STATES = ['available', 'full', 'busy'] as const satisfies readonly AvailabilityState[];

/** Only these states need no connection. */
const STATES_WITHOUT_CONNECTION: readonly AvailabilityState[] = ['offline', 'disconnected', 'asleep'];

/**
 * The availability that the scheduler derived. An older scheduler sends none: then status, connection and slots decide. A node without a
 * connection never counts as available, even if a scheduler reports it so.
 */
export function availabilityOf(node: AvailabilitySource): AvailabilityView {
  const reported = node.availability ?? { state: stateWithoutLoad(node), reasons: [], since: node.since };
  if (node.online || STATES_WITHOUT_CONNECTION.includes(reported.state)) return reported;
  return { ...reported, state: node.status === 'offline' ? 'offline' : 'disconnected' };
}

function stateWithoutLoad({ status, online, in_flight_jobs: inFlight, max_concurrent_jobs: slots }: AvailabilitySource): AvailabilityState {
  if (!online) return status === 'offline' ? 'offline' : 'disconnected';
  if (status === 'ready') return inFlight < slots ? 'available' : 'full';
  // A connected node is offline only when it is drained.
  return status === 'offline' ? 'paused' : status;
}

/** What a node view has, and a pushed status has in part. */
export interface ExplainedSource extends AvailabilitySource {
  readonly reason_code: string;
  readonly health: Health;
  readonly last_heartbeat_at?: number | null;
  readonly next_slot_at?: number | undefined;
  readonly drain?: NodeView['drain'] | undefined;
  readonly pause?: NodeView['pause'];
  readonly quarantine?: NodeView['quarantine'];
  readonly wake?: NodeView['wake'];
}

export interface Waking {
  readonly sinceWallMs: number;
  readonly usualSeconds: number | null;
}

export type AvailabilityFacts =
  /** `nextAtWallMs`: when a full node should have a free slot. Null: not known, or the node is not full. */
  | ({ readonly kind: 'slots'; readonly nextAtWallMs: number | null } & Slots)
  /** Null: the node has not reported its load, or, with `isHidden`, the reader may not see it. */
  | { readonly kind: 'load'; readonly over: readonly OverUse[] | null; readonly isHidden: boolean }
  | { readonly kind: 'drained'; readonly by: 'operator' | 'node'; readonly note: string | null }
  | { readonly kind: 'quarantined'; readonly note: string | null }
  /** The owner pauses the node. */
  | { readonly kind: 'paused'; readonly pause: PauseView }
  /** `pause`: the owner pauses the node. Null: it is only drained. */
  | { readonly kind: 'draining'; readonly jobs: number; readonly deadlineAtWallMs: number | null; readonly pause: PauseView | null }
  | { readonly kind: 'checks'; readonly passed: number; readonly required: number }
  | { readonly kind: 'failed_check'; readonly check: FailedCheck }
  | { readonly kind: 'gpu'; readonly fault: string }
  /** Null: the node never sent a heartbeat. */
  | { readonly kind: 'silent'; readonly sinceWallMs: number | null }
  /** `waking`: a job wakes the node. `usualSeconds` null: not known. */
  | { readonly kind: 'asleep'; readonly sinceWallMs: number; readonly waking: Waking | null }
  /** No numbers are known: the reason of the status. */
  | { readonly kind: 'status'; readonly reasonCode: string };

/** The fact that best explains the state, in the order of the table in docs/dispatch.md. */
export function availabilityFacts(node: ExplainedSource): AvailabilityFacts {
  const { state, reasons, since } = availabilityOf(node);
  const { health } = node;
  switch (state) {
    case 'available':
      return { kind: 'slots', ...slotsOf(node), later: 0, nextAtWallMs: null };
    case 'full':
      return { kind: 'slots', ...slotsOf(node), nextAtWallMs: node.next_slot_at ?? null };
    case 'busy':
      return { kind: 'load', over: overUses(reasons), isHidden: reasons.length > 0 && reasons.every(isHidden) };
    case 'draining':
      return { kind: 'draining', jobs: node.in_flight_jobs, deadlineAtWallMs: deadlineOf(node), pause: node.pause ?? null };
    case 'registering':
      return {
        kind: 'checks',
        passed: Math.min(health.consecutive_successes, health.required_successes),
        required: health.required_successes,
      };
    case 'degraded':
      return degradedFacts(node, reasons);
    case 'paused':
      return drainedFacts(node);
    case 'asleep':
      return { kind: 'asleep', sinceWallMs: since, waking: wakingOf(node.wake) };
    case 'disconnected':
      return silentFacts(node);
    case 'offline':
      return node.reason_code === 'heartbeat_timeout' ? silentFacts(node) : drainedFacts(node);
    default:
      return assertNever(state);
  }
}

const wakingOf = (wake: NodeView['wake']): Waking | null =>
  wake?.waking_since == null ? null : { sinceWallMs: wake.waking_since, usualSeconds: wake.ready_after_seconds };

/** Every load that is not below its limit. Null: the load is not known. */
export function overUses(reasons: readonly Exclusion[]): readonly OverUse[] | null {
  for (const reason of reasons) {
    const facts = exclusionFacts(reason);
    if (facts?.code === 'resource_threshold_exceeded') return facts.over;
  }
  return null;
}

function degradedFacts({ health, reason_code: reasonCode }: ExplainedSource, reasons: readonly Exclusion[]): AvailabilityFacts {
  const check = health.failed_checks[0];
  if (check !== undefined) return { kind: 'failed_check', check };
  for (const reason of reasons) {
    const facts = exclusionFacts(reason);
    if (facts?.code === 'gpu_unavailable' && facts.fault !== null) return { kind: 'gpu', fault: facts.fault };
  }
  return { kind: 'status', reasonCode };
}

/** The earlier one of drain and pause. */
export function deadlineOf({ drain, pause }: ExplainedSource): number | null {
  const deadlines = [drain?.deadline_at, pause?.deadline_at].filter((at) => at != null);
  return deadlines.length === 0 ? null : Math.min(...deadlines);
}

/** An older scheduler pushes no drain. */
function drainedFacts({ drain, pause, quarantine, reason_code: reasonCode }: ExplainedSource): AvailabilityFacts {
  if (quarantine != null) return { kind: 'quarantined', note: quarantine.reason };
  if (pause != null) return { kind: 'paused', pause };
  return drain == null ? { kind: 'status', reasonCode } : { kind: 'drained', by: drain.by, note: drain.reason };
}

const silentFacts = ({ last_heartbeat_at: at, reason_code: reasonCode }: ExplainedSource): AvailabilityFacts =>
  at === undefined ? { kind: 'status', reasonCode } : { kind: 'silent', sinceWallMs: at };
