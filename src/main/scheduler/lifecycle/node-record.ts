// The state of one node in the scheduler. Immutable: only `nodeTransition` and `restoreRecord` create records. Status, drain, pause,
// connection and load are separate fields; `isSchedulable` (dispatch) joins them.
import type { CapabilityStates, FeaturesSupported, ModelReasons, ModelResidencies, Platform } from '../../../shared/protocol/node-messages';
import type { PauseCode } from '../../../shared/protocol/pauses';
import type { NodeStatus, StatusReasonCode } from '../../../shared/protocol/status';
import type { ExpectedJobs } from './expected-jobs';
import type { FailedCheck } from './failed-check';
import type { NodeRates } from './model-rates';
import type { GpuReading, InstalledModel, NodeHardware, NodeUsage, OwnerLimits } from './node-report';
import type { OwnerLoad } from './owner-load';

/** One instant on both clocks: wall time for display, monotonic time for every age and deadline. */
export interface Instant {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/** The data of a node's registration, updated by its heartbeats. */
export interface NodeProfile {
  readonly name: string;
  readonly version: string;
  readonly platform: Platform;
  readonly hardware: NodeHardware;
  readonly installedModels: readonly InstalledModel[];
  /** Null: the node sent none, and every installed model counts as ready (protocol §2). */
  readonly capabilityState: CapabilityStates | null;
  /** Of installed models, by the last heartbeat. Null or absent: not reported. `residencyOf` reads it. */
  readonly modelResidency?: ModelResidencies | null;
  /** Why models are not ready, by the last heartbeat. Null or absent: not reported. */
  readonly modelReasons?: ModelReasons | null;
  /** Whether the owner lets this scheduler control which models are in memory. Null or absent: an older node, or no heartbeat yet. */
  readonly allowsModelControl?: boolean | null;
  readonly featuresSupported: FeaturesSupported;
  readonly advancedFeatures: readonly string[];
  readonly acceptPublicJobs: boolean;
  readonly maxConcurrentJobs: number;
  /** Null: the owner set none. */
  readonly limits: OwnerLimits | null;
  /** The MAC address by which the scheduler may wake the node. Absent: it may not. */
  readonly wakeMac?: string;
}

export interface HealthHistory {
  /** The last `failureRateWindowSize` checks, oldest first. */
  readonly window: readonly boolean[];
  readonly consecutiveSuccesses: number;
  readonly consecutiveFailures: number;
  /** Null until the first check has run. */
  readonly lastCheck: { readonly ok: boolean; readonly failedChecks: readonly FailedCheck[] } | null;
}

/** The error of an attempt, without details: they may be private. */
export interface AttemptError {
  readonly code: string;
  readonly message: string;
}

/**
 * `lowered`: the rank is lowered until `until`. `counted`: fewer failures than an exclusion needs, and no effect at present. `excluded`:
 * until `until`. `testable`: one job may test the model. `testing`: the job `testJobId` tests it.
 */
export type FailurePhase = 'lowered' | 'counted' | 'excluded' | 'testable' | 'testing';

export interface ModelFailures {
  readonly phase: FailurePhase;
  /** Failed attempts since the last success. */
  readonly failures: number;
  /** Final errors since the last success that no other node could confirm. They are shown, and never exclude the model. */
  readonly unconfirmed: number;
  /** Attempts that the node refused since the last success. */
  readonly refusals: number;
  /** Exclusions since the last success. */
  readonly exclusions: number;
  /** Null: there were only refusals. */
  readonly lastError: AttemptError | null;
  /** The end of the period of `lowered` and `excluded`. In other phases this instant has passed. */
  readonly until: Instant;
  /** The job of the last test since the exclusion. Null: there was none. */
  readonly testJobId: string | null;
  /** The model is not installed any more. */
  readonly isRemoved: boolean;
}

export interface NodeFailures {
  /** By model. At most as many as a node can have models. */
  readonly byModel: ReadonlyMap<string, ModelFailures>;
  /** The earliest end of a period, or of the time for which a removed model is kept, monotonic ms. Null: there is none. */
  readonly nextEndMonotonicMs: number | null;
}

/**
 * A request to drain the node. That of an operator survives reconnects and restarts. That of the node, which stops, ends when the node
 * registers again.
 */
export interface DrainIntent {
  readonly by: 'operator' | 'node';
  readonly reason: string | null;
  readonly requestedAt: Instant;
  /** From `requestedAt`. At the deadline the jobs in flight are requeued. */
  readonly timeoutMs: number;
}

/** The owner of the node pauses it. Only the node ends the pause. Beside a drain: neither intent replaces the other (ADR 0026). */
export interface OwnerPause {
  readonly code: PauseCode;
  readonly detail: string | null;
  /** When the scheduler learned of this reason. */
  readonly since: Instant;
  /** When the pause began. A change of its reason does not extend the time of the jobs in flight. */
  readonly startedAt: Instant;
  /** By the clock of the node. Null: until the owner resumes. */
  readonly untilWallMs: number | null;
  /** From `startedAt`. At the deadline the jobs in flight are requeued. 0: at once. */
  readonly timeoutMs: number;
}

/** An operator does not trust the node: it gets no jobs until the operator releases it, across reconnects and restarts. */
export interface Quarantine {
  readonly by: 'operator';
  readonly reason: string | null;
  readonly since: Instant;
}

/** How the scheduler woke the node from sleep (`node-wake.ts`). */
export interface NodeWake {
  /** Of the last packet. Null: none was sent. */
  readonly sentAt: Instant | null;
  /** The node should become ready after the last packet. */
  readonly isWaking: boolean;
  /** From packet to ready, as earlier wakes showed. Null: not known. */
  readonly readyAfterMs: number | null;
}

export interface NodeRecord {
  readonly nodeId: string;
  readonly profile: NodeProfile;
  readonly status: NodeStatus;
  readonly reasonCode: StatusReasonCode;
  readonly previousStatus: NodeStatus | null;
  /** False: the node has never been ready since it got its id. It is forgotten sooner. */
  readonly hasBeenReady: boolean;
  readonly since: Instant;
  /** The node has an open, registered connection. When false, the node gets no jobs; its status stays. */
  readonly online: boolean;
  /** The node closed its last connection because its computer goes to sleep. */
  readonly isAsleep: boolean;
  /** Absent: the scheduler never woke the node. */
  readonly wake?: NodeWake;
  readonly drain: DrainIntent | null;
  readonly pause: OwnerPause | null;
  readonly quarantine: Quarantine | null;
  /** Given by operators, kept across reconnects and restarts. */
  readonly tags: readonly string[];
  /** When the current stay in `registering` began. The warm-up timeout counts from here. */
  readonly registeredAt: Instant;
  /** When the last heartbeat was received, or the registration when no heartbeat followed it. */
  readonly lastSeen: Instant;
  /** Unix ms of the last heartbeat; null when none arrived since the registration. */
  readonly lastHeartbeatAtWallMs: number | null;
  readonly health: HealthHistory;
  readonly usage: NodeUsage | null;
  /** Follows from `usage` and earlier heartbeats. */
  readonly ownerLoad: OwnerLoad;
  readonly gpus: readonly GpuReading[] | null;
  /** When each model in memory was first reported there. Absent: none is known to be in memory. */
  readonly loadedSince?: ReadonlyMap<string, Instant>;
  /** When each model that is being loaded was first reported so. Absent: none is known to be. */
  readonly loadingSince?: ReadonlyMap<string, Instant>;
  /** Jobs that the scheduler has assigned and that have not ended. */
  readonly assignedJobs: number;
  /** Monotonic ms of the last assignment; null when never. */
  readonly lastAssignedAtMonotonicMs: number | null;
  /** Monotonic ms when a job was last known in flight: at a heartbeat or at its end. Null when never. */
  readonly lastJobAtMonotonicMs: number | null;
  /** The place of the node in the order of equally loaded nodes: the lowest comes first. Each assignment moves the node back (fair-turns). */
  readonly turn: number;
  /** Jobs at once that the node is trusted with. It begins with the default of the policy and grows with each success. */
  readonly provenSlots: number;
  readonly failures: NodeFailures;
  /** How fast the node has run its models. */
  readonly rates: NodeRates;
  /** The assigned jobs that have a prediction. */
  readonly expectedJobs: ExpectedJobs;
}

/** Jobs that the node may have at once: its own limit, and not more than it has shown. */
export const usableSlots = ({ profile, provenSlots }: NodeRecord): number => Math.min(profile.maxConcurrentJobs, provenSlots);

/** Absent: the node has not registered since the start of the scheduler, which has therefore seen none of its jobs. */
export const usableSlotsView = (record: NodeRecord): { readonly usable_slots?: number } =>
  record.provenSlots === 0 ? {} : { usable_slots: usableSlots(record) };

/** Jobs in flight: the assigned jobs, or the number that the node reports when it is higher (lifecycle §3, filter 6). */
export const inFlightJobs = (record: NodeRecord): number => inFlightOf(record.assignedJobs, record.usage);

export const inFlightOf = (assignedJobs: number, usage: NodeUsage | null): number => Math.max(assignedJobs, usage?.runningJobs ?? 0);
