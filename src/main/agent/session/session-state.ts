// What a link to a scheduler is made of: its states, what can happen to it, and what it may ask to be done.
// The agent performs the commands; session.ts decides them.
import type { SchedulerMessage, NodeStatusMessage } from '../../../shared/protocol/scheduler-messages';
import type { NodeMessageInput } from '../../../shared/protocol/node-messages';

/** Who this node is to one scheduler: the id, and the secret that proves it (protocol §2, Node id). */
export interface Identity {
  readonly nodeId: string;
  readonly nodeToken: string;
}

export interface Target {
  readonly url: string;
  /** Null: the scheduler is to assign an id. */
  readonly identity: Identity | null;
}

/** Why the scheduler will not have this node as it is. Not tried again by itself. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>> | null;
}

/** `since` is when this state began, Unix ms. Only `connecting` to `stopping` have a socket. */
export type Link =
  | { readonly state: 'idle' }
  /** Nothing is opened before hardware and models are known, or while the machine sleeps. */
  | { readonly state: 'waiting'; readonly since: number; readonly for: 'profile' | 'wake' }
  | { readonly state: 'connecting'; readonly since: number }
  | { readonly state: 'unregistered'; readonly since: number; readonly conflicted: boolean }
  | {
      readonly state: 'registered';
      readonly since: number;
      readonly sinceMonotonicMs: number;
      readonly nodeId: string;
      readonly heartbeatIntervalMs: number;
      /** The scheduler's last word is `registering`, or there was none yet: beats are fast. */
      readonly warmingUp: boolean;
      /** What the change timer will send. */
      readonly pendingChange: 'heartbeat' | 'register' | null;
    }
  | { readonly state: 'stopping'; readonly since: number }
  | { readonly state: 'reconnecting'; readonly since: number; readonly nextTryAt: number; readonly cause: string }
  | { readonly state: 'refused'; readonly since: number; readonly refusal: Refusal };

export interface SessionState {
  readonly target: Target | null;
  readonly link: Link;
  /** Hardware and models have been looked at since the start or the last wake. */
  readonly profileKnown: boolean;
  /** Tries in a row that led to no lasting registration. */
  readonly failures: number;
  /** The owner wants this node drained until resumed: asked for again after each registration. */
  readonly finishWish: { readonly timeoutSeconds: number | null } | null;
  /** The id that a conflict took, until the new one is known. */
  readonly replacedNodeId: string | null;
  /** The scheduler's last word and when it arrived, Unix ms. Outlives the connection: it ages, it is not replaced by a guess. */
  readonly nodeStatus: { readonly receivedAt: number; readonly message: NodeStatusMessage } | null;
}

export const INITIAL_SESSION: SessionState = {
  target: null,
  link: { state: 'idle' },
  profileKnown: false,
  failures: 0,
  finishWish: null,
  replacedNodeId: null,
  nodeStatus: null,
};

/** A node without a registration has its warm-up before it. */
export const isWarmingUp = ({ link }: SessionState): boolean => (link.state === 'registered' ? link.warmingUp : link.state !== 'stopping');

export const SESSION_TIMERS = ['connect', 'answer', 'backoff', 'heartbeat', 'change', 'silence', 'stop'] as const;
export type SessionTimer = (typeof SESSION_TIMERS)[number];

export type SessionEvent =
  | { readonly type: 'connect_to'; readonly target: Target | null }
  | { readonly type: 'profile_known' }
  /** `hardware`: the offered GPUs or the machine itself differ, so that the registration is out of date. */
  | { readonly type: 'profile_changed'; readonly hardware: boolean }
  | { readonly type: 'socket_opened' }
  | { readonly type: 'connect_failed'; readonly cause: string; readonly httpStatus: number | null; readonly retryAfterMs: number | null }
  | { readonly type: 'message'; readonly message: SchedulerMessage }
  /** Any sign of life: a frame, a ping or a pong. */
  | { readonly type: 'heard' }
  | { readonly type: 'socket_closed'; readonly code: number; readonly cause: string; readonly reason: string }
  | { readonly type: 'timer_due'; readonly timer: SessionTimer }
  | { readonly type: 'recheck' }
  | { readonly type: 'drain'; readonly timeoutSeconds: number | null }
  | { readonly type: 'resume' }
  | { readonly type: 'suspend' }
  | { readonly type: 'wake' }
  | { readonly type: 'stop'; readonly deadlineMs: number };

export type NoticeCode = 'node_id_replaced' | 'removed_by_operator' | 'replaced_by_newer_connection';

export type SessionCommand =
  | { readonly type: 'open_socket'; readonly url: string }
  /** Lets what was sent arrive. Nothing of this socket is heard afterwards. */
  | { readonly type: 'close_socket' }
  /** The peer does not answer: cut. Nothing of this socket is heard afterwards. */
  | { readonly type: 'terminate_socket' }
  | { readonly type: 'register'; readonly identity: Identity | null }
  | { readonly type: 'heartbeat'; readonly nodeId: string }
  | { readonly type: 'send'; readonly message: NodeMessageInput }
  /** Sets the timer of this name anew. */
  | { readonly type: 'set_timer'; readonly timer: SessionTimer; readonly delayMs: number }
  | { readonly type: 'clear_timer'; readonly timer: SessionTimer }
  | { readonly type: 'clear_timers' }
  | { readonly type: 'save_identity'; readonly url: string; readonly identity: Identity }
  | { readonly type: 'delete_identity'; readonly url: string }
  | { readonly type: 'notice'; readonly code: NoticeCode; readonly details: Readonly<Record<string, string>> }
  /** The goodbye is said; the agent may end. */
  | { readonly type: 'stopped' };

/** Now on both clocks, and a number in [0, 1): what a decision may know besides the state and the event. */
export interface Moment {
  readonly wallMs: number;
  readonly monotonicMs: number;
  readonly random: number;
}

export type Step = readonly [SessionState, readonly SessionCommand[]];
