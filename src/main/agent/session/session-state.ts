// The states, events and commands of the link to a scheduler. session.ts decides the commands, SchedulerLink performs them.
import type { SchedulerMessage, NodeStatusMessage } from '../../../shared/protocol/scheduler-messages';
import type { NodeMessageInput } from '../../../shared/protocol/node-messages';
import type { ReportedPause } from '../../../shared/protocol/pauses';
import type { PoolUrls } from './pool-urls';

/** This node's id at one scheduler, and the token that proves it (protocol §2, Node id). */
export interface Identity {
  readonly nodeId: string;
  readonly nodeToken: string;
  /**
   * Whether the scheduler that issued the token proves to know it, at the address of this connection (ADR 0023). Absent: unknown, as in a
   * file of an earlier version.
   */
  readonly provesToken?: boolean | undefined;
}

/** What a registration shows. `nodeToken` null: the scheduler did not prove to know the token. */
export interface ShownIdentity {
  readonly nodeId: string;
  readonly nodeToken: string | null;
}

/** The pool: one scheduler, or several of which one leads. */
export interface Target extends PoolUrls {
  /** The pin of the CA of the pool. Absent or null: there is none. */
  readonly pin?: string | null;
  /** Null: the scheduler assigns an id at the registration. */
  readonly identity: Identity | null;
  /** The credential of the member, from the last acknowledgement. Absent or null: none. */
  readonly credential?: string | null;
  /** The key of an invitation, or the owner key on the host. Used when there is no credential, or it is refused. */
  readonly joinToken?: string | null;
  /** The scheduler refused the credential as revoked, and `joinToken` is tried. */
  readonly isRevoked?: boolean;
}

/** Why the scheduler refuses this node. The agent does not retry by itself. */
export interface SchedulerRefusal {
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>> | null;
}

interface Refused {
  readonly state: 'refused';
  readonly sinceWallMs: number;
  readonly refusal: SchedulerRefusal;
}

/** `sinceWallMs`: when this state began. Only `connecting`, `unregistered`, `registered` and `stopping` have a socket. */
export type Link =
  | { readonly state: 'idle' }
  /** No connection is opened before hardware and models are known, nor while the machine sleeps. */
  | { readonly state: 'waiting'; readonly sinceWallMs: number; readonly for: 'profile' | 'wake' }
  /** `refused`: the answer of before, which stays until there is another one. */
  | { readonly state: 'connecting'; readonly sinceWallMs: number; readonly refused?: Refused }
  | {
      readonly state: 'unregistered';
      readonly sinceWallMs: number;
      readonly conflicted: boolean;
      readonly peer?: string | undefined;
      /** The owner resumed after the registration was sent with a pause. */
      readonly mustResume?: boolean;
    }
  | {
      readonly state: 'registered';
      readonly sinceWallMs: number;
      readonly sinceMonotonicMs: number;
      readonly nodeId: string;
      readonly heartbeatIntervalMs: number;
      /** The scheduler accepts a heartbeat without a figure for the memory in use. */
      readonly acceptsUnknownMemory: boolean;
      /** The last status is `registering`, or there is none yet: heartbeats are more frequent. */
      readonly warmingUp: boolean;
      /** The message that the change timer will send. */
      readonly pendingChange: 'heartbeat' | 'register' | null;
      /** Another scheduler leads now and does not know the node: a registration on the same connection waits for its answer. */
      readonly isRenewing?: boolean;
    }
  | {
      readonly state: 'stopping';
      readonly sinceWallMs: number;
      readonly nodeId: string;
      /** The agent ends then, whatever the scheduler says. */
      readonly untilMonotonicMs: number;
      /** As for `registered`. */
      readonly isRenewing?: boolean;
    }
  | { readonly state: 'reconnecting'; readonly sinceWallMs: number; readonly nextTryAtWallMs: number; readonly cause: string }
  | Refused;

/** Of the leader that the node has registered with. `lostAtMonotonicMs`: when the last registration under it ended. Null: it has not ended. */
export interface KnownEpoch {
  readonly epoch: number;
  readonly lostAtMonotonicMs: number | null;
}

export interface SessionState {
  readonly target: Target | null;
  readonly link: Link;
  /** Hardware and models have been probed since the start or the last wake-up. */
  readonly profileKnown: boolean;
  /** Waits in a row without a lasting registration. A wait follows a failure at each address of the pool. */
  readonly failures: number;
  /** Attempts since the last wait that led to no lasting registration. */
  readonly triedUrls: number;
  /** The pause of the owner. It holds for every pool, and is sent with and after each registration. Null: this computer shares. */
  readonly pause: ReportedPause | null;
  /** The id that was lost to a conflict, until the new one is known. */
  readonly replacedNodeId: string | null;
  /** The highest epoch of a leader of this pool. Null: none is known. In memory only: an agent that starts has no job that it could repeat. */
  readonly knownEpoch: KnownEpoch | null;
  /** The last status message and its time of arrival. It outlives the connection: it ages and is never replaced by a guess. */
  readonly nodeStatus: { readonly receivedAtWallMs: number; readonly message: NodeStatusMessage } | null;
}

export const INITIAL_SESSION: SessionState = {
  target: null,
  link: { state: 'idle' },
  profileKnown: false,
  failures: 0,
  triedUrls: 0,
  pause: null,
  replacedNodeId: null,
  knownEpoch: null,
  nodeStatus: null,
};

/** Whether the node is in its warm-up. A node without a registration counts as warming up. */
export const isWarmingUp = ({ link }: SessionState): boolean => (link.state === 'registered' ? link.warmingUp : link.state !== 'stopping');

export const SESSION_TIMERS = ['connect', 'answer', 'backoff', 'heartbeat', 'change', 'silence', 'stop'] as const;
export type SessionTimer = (typeof SESSION_TIMERS)[number];

export type SessionEvent =
  | { readonly type: 'connect_to'; readonly target: Target | null }
  | { readonly type: 'profile_known' }
  /** `hardware`: the offered GPUs or the machine changed, so the registration is out of date. */
  | { readonly type: 'profile_changed'; readonly hardware: boolean }
  /** The owner's load crossed a limit, in either direction. */
  | { readonly type: 'load_crossed_limit' }
  /** An action on a model ended: the scheduler gets the residency before the answer. */
  | { readonly type: 'model_controlled' }
  /** `peer`: address and port of the other end. `withholdsToken`: the scheduler did not prove to know the token of this node. */
  | { readonly type: 'socket_opened'; readonly peer?: string; readonly withholdsToken?: boolean }
  | {
      readonly type: 'connect_failed';
      readonly cause: string;
      readonly httpStatus: number | null;
      readonly errorCode?: string | null;
      readonly retryAfterMs: number | null;
    }
  | { readonly type: 'message'; readonly message: SchedulerMessage }
  /** A frame, a ping or a pong arrived. */
  | { readonly type: 'activity' }
  | { readonly type: 'socket_closed'; readonly code: number; readonly cause: string; readonly reason: string }
  | { readonly type: 'timer_due'; readonly timer: SessionTimer }
  | { readonly type: 'recheck' }
  /** The owner pauses this computer or changes the pause. Null: the owner resumes. */
  | { readonly type: 'set_pause'; readonly pause: ReportedPause | null }
  | { readonly type: 'suspend' }
  | { readonly type: 'wake' }
  | { readonly type: 'stop'; readonly timeoutMs: number };

export type NoticeCode = 'node_id_replaced' | 'removed_by_operator' | 'replaced_by_newer_connection' | 'member_revoked' | 'node_role_lost';

export type SessionCommand =
  /** `secret`: sent in the upgrade. Absent: none. */
  | { readonly type: 'open_socket'; readonly url: string; readonly secret?: string }
  /** Closes after the queued frames are sent. The socket reports nothing afterwards. `code`: 1000 by default. */
  | { readonly type: 'close_socket'; readonly code?: number }
  /** Closes immediately, because the peer does not answer. The socket reports nothing afterwards. */
  | { readonly type: 'terminate_socket' }
  | { readonly type: 'register'; readonly identity: ShownIdentity | null }
  | { readonly type: 'heartbeat'; readonly nodeId: string }
  | { readonly type: 'send'; readonly message: NodeMessageInput }
  /** Sets or resets the timer of this name. */
  | { readonly type: 'set_timer'; readonly timer: SessionTimer; readonly delayMs: number }
  | { readonly type: 'clear_timer'; readonly timer: SessionTimer }
  | { readonly type: 'clear_timers' }
  | { readonly type: 'save_identity'; readonly url: string; readonly identity: Identity }
  | { readonly type: 'delete_identity'; readonly url: string }
  | { readonly type: 'save_credential'; readonly url: string; readonly credential: string }
  /** The other schedulers of the pool whose first address is `url`. */
  | { readonly type: 'save_pool_urls'; readonly url: string; readonly urls: readonly string[] }
  | { readonly type: 'notice'; readonly code: NoticeCode; readonly details: Readonly<Record<string, string>> }
  /** The leader that acknowledged the registration was deposed: another one of the pool has a higher epoch. */
  | { readonly type: 'older_leader'; readonly url: string; readonly epoch: number; readonly knownEpoch: number }
  /** The graceful disconnect is complete: the agent may end. */
  | { readonly type: 'stopped' };

/** The current time on both clocks, and a random number in [0, 1) for jitter. */
export interface SessionInstant {
  readonly wallMs: number;
  readonly monotonicMs: number;
  readonly random: number;
}

export type SessionStep = readonly [SessionState, readonly SessionCommand[]];
