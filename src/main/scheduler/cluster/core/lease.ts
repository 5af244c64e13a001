// The lease of the leader. Every scheduler of a cluster runs this machine: candidates look whether the lease is free and take it, the leader
// renews it, and gives it up by its own clock before it ends in the database. The times are counted from the sending of a request, because
// the database counts from a later instant.
import { assertNever } from '../../../../shared/assert-never';
import { MAX_LEADER_EPOCH } from '../../../../shared/protocol/limits';
import type { DeposedReason, LeaderTerm } from '../../database/postgres/core/leader-term';

export interface LeasePolicy {
  /** From a renewal to the end of the lease in the database. */
  readonly ttlMs: number;
  readonly renewEveryMs: number;
  /** From the sending of the last renewal that went through. Shorter than `ttlMs`: the rest covers the difference of the clocks. */
  readonly giveUpAfterMs: number;
  /** Of a candidate, and of a leader after a renewal that failed. */
  readonly lookEveryMs: number;
  /** After a step-down on request, so that another scheduler takes the lease. */
  readonly standAsideMs: number;
}

export const LEASE_POLICY: LeasePolicy = { ttlMs: 7000, renewEveryMs: 2000, giveUpAfterMs: 5000, lookEveryMs: 250, standAsideMs: 5000 };

/** The epoch of the bus that a new one must exceed. A forged one must not use up the numbers. */
export const epochToExceed = (known: number): number => (known > MAX_LEADER_EPOCH ? 0 : known);

export type LeaseState =
  | { readonly type: 'candidate'; readonly lookAtMonotonicMs: number; readonly isAsking: boolean }
  | {
      readonly type: 'leader';
      readonly term: LeaderTerm;
      /** The sending of the last renewal that went through. */
      readonly heldSinceMonotonicMs: number;
      readonly renewAtMonotonicMs: number;
      readonly isAsking: boolean;
    }
  | { readonly type: 'stopped' };

export type LeaseEvent =
  | { readonly type: 'timer' }
  /** The answer to `look`. Null: another scheduler has the lease. */
  | { readonly type: 'looked'; readonly term: LeaderTerm | null; readonly sentAtMonotonicMs: number }
  | { readonly type: 'renewed'; readonly term: LeaderTerm; readonly sentAtMonotonicMs: number }
  /** The database shows that the term has ended. */
  | { readonly type: 'lost'; readonly term: LeaderTerm; readonly reason: DeposedReason }
  /** `look` or `renew` was not answered. */
  | { readonly type: 'unanswered' }
  /** By request. The scheduler is a candidate again later. */
  | { readonly type: 'step_down' }
  | { readonly type: 'stop' };

export type LeaseCommand =
  /** Read the lease, and take it when it is free. */
  | { readonly type: 'look' }
  | { readonly type: 'renew'; readonly term: LeaderTerm }
  /** Ends the lease in the database, when it is still of this term. */
  | { readonly type: 'release'; readonly term: LeaderTerm }
  | { readonly type: 'lead'; readonly term: LeaderTerm }
  | { readonly type: 'deposed'; readonly term: LeaderTerm; readonly reason: DeposedReason };

export interface LeaseStep {
  readonly state: LeaseState;
  readonly commands: readonly LeaseCommand[];
}

export const firstLeaseState = (nowMonotonicMs: number): LeaseState => ({
  type: 'candidate',
  lookAtMonotonicMs: nowMonotonicMs,
  isAsking: false,
});

/** Whether writes and messages of this term may still be sent. */
export const isHeld = (state: LeaseState, nowMonotonicMs: number, { giveUpAfterMs }: LeasePolicy): boolean =>
  state.type === 'leader' && nowMonotonicMs - state.heldSinceMonotonicMs < giveUpAfterMs;

/** When the next `timer` is due. Null: no timer. */
export function nextTimerAt(state: LeaseState, { giveUpAfterMs }: LeasePolicy): number | null {
  if (state.type === 'stopped') return null;
  if (state.type === 'candidate') return state.isAsking ? null : state.lookAtMonotonicMs;
  const endMonotonicMs = state.heldSinceMonotonicMs + giveUpAfterMs;
  return state.isAsking ? endMonotonicMs : Math.min(endMonotonicMs, state.renewAtMonotonicMs);
}

/** `jitter`: 0 to 1, so that candidates do not look at the same instants. */
export function stepLease(state: LeaseState, event: LeaseEvent, nowMonotonicMs: number, policy: LeasePolicy, jitter: number): LeaseStep {
  if (state.type !== 'leader' || isHeld(state, nowMonotonicMs, policy)) return step(state, event, nowMonotonicMs, policy, jitter);
  // The own clock decides before the event is read: after a pause of the process, an answer that waited must not renew the lease.
  const candidate: LeaseState = { type: 'candidate', lookAtMonotonicMs: nowMonotonicMs, isAsking: state.isAsking };
  const next = step(candidate, event, nowMonotonicMs, policy, jitter);
  return { state: next.state, commands: [{ type: 'deposed', term: state.term, reason: 'lease_expired' }, ...next.commands] };
}

function step(state: LeaseState, event: LeaseEvent, nowMonotonicMs: number, policy: LeasePolicy, jitter: number): LeaseStep {
  switch (state.type) {
    case 'candidate':
      return stepCandidate(state, event, nowMonotonicMs, policy, jitter);
    case 'leader':
      return stepLeader(state, event, nowMonotonicMs, policy, jitter);
    case 'stopped':
      return { state, commands: event.type === 'looked' && event.term !== null ? [{ type: 'release', term: event.term }] : [] };
    default:
      return assertNever(state);
  }
}

type StateOf<Type extends LeaseState['type']> = Extract<LeaseState, { type: Type }>;

const jittered = (ms: number, jitter: number): number => ms * (0.8 + 0.4 * jitter);

function stepCandidate(
  state: StateOf<'candidate'>,
  event: LeaseEvent,
  nowMonotonicMs: number,
  policy: LeasePolicy,
  jitter: number,
): LeaseStep {
  const waiting: LeaseState = {
    type: 'candidate',
    lookAtMonotonicMs: Math.max(state.lookAtMonotonicMs, nowMonotonicMs + jittered(policy.lookEveryMs, jitter)),
    isAsking: false,
  };
  switch (event.type) {
    case 'timer':
      if (state.isAsking || nowMonotonicMs < state.lookAtMonotonicMs) return { state, commands: [] };
      return { state: { ...state, isAsking: true }, commands: [{ type: 'look' }] };
    case 'looked': {
      const { term, sentAtMonotonicMs } = event;
      if (term === null) return { state: waiting, commands: [] };
      // The answer came too late, or this scheduler has stepped down meanwhile.
      if (nowMonotonicMs - sentAtMonotonicMs >= policy.giveUpAfterMs || state.lookAtMonotonicMs > nowMonotonicMs)
        return { state: waiting, commands: [{ type: 'release', term }] };
      return { state: leading(term, sentAtMonotonicMs, policy), commands: [{ type: 'lead', term }] };
    }
    // The answer to a renewal of a term that has ended.
    case 'renewed':
    case 'lost':
    case 'unanswered':
      return { state: waiting, commands: [] };
    case 'step_down':
      return { state: { ...state, lookAtMonotonicMs: nowMonotonicMs + policy.standAsideMs }, commands: [] };
    case 'stop':
      return { state: { type: 'stopped' }, commands: [] };
    default:
      return assertNever(event);
  }
}

function stepLeader(state: StateOf<'leader'>, event: LeaseEvent, nowMonotonicMs: number, policy: LeasePolicy, jitter: number): LeaseStep {
  const { term } = state;
  const steppedDown: readonly LeaseCommand[] = [
    { type: 'deposed', term, reason: 'stepped_down' },
    { type: 'release', term },
  ];
  switch (event.type) {
    case 'timer':
      if (state.isAsking || nowMonotonicMs < state.renewAtMonotonicMs) return { state, commands: [] };
      return { state: { ...state, isAsking: true }, commands: [{ type: 'renew', term }] };
    case 'renewed':
      if (event.term.epoch !== term.epoch) return { state, commands: [] };
      return { state: leading(term, Math.max(event.sentAtMonotonicMs, state.heldSinceMonotonicMs), policy), commands: [] };
    case 'lost':
      if (event.term.epoch !== term.epoch) return { state, commands: [] };
      return {
        state: { type: 'candidate', lookAtMonotonicMs: nowMonotonicMs + jittered(policy.lookEveryMs, jitter), isAsking: false },
        commands: [{ type: 'deposed', term, reason: event.reason }],
      };
    case 'unanswered':
      return {
        state: { ...state, isAsking: false, renewAtMonotonicMs: nowMonotonicMs + jittered(policy.lookEveryMs, jitter) },
        commands: [],
      };
    case 'looked':
      return { state, commands: [] };
    case 'step_down':
      return {
        state: { type: 'candidate', lookAtMonotonicMs: nowMonotonicMs + policy.standAsideMs, isAsking: state.isAsking },
        commands: steppedDown,
      };
    case 'stop':
      return { state: { type: 'stopped' }, commands: steppedDown };
    default:
      return assertNever(event);
  }
}

const leading = (term: LeaderTerm, heldSinceMonotonicMs: number, { renewEveryMs }: LeasePolicy): LeaseState => ({
  type: 'leader',
  term,
  heldSinceMonotonicMs,
  renewAtMonotonicMs: heldSinceMonotonicMs + renewEveryMs,
  isAsking: false,
});
