// What the scheduler knows of one node. Immutable: `transition` returns the next record, and nothing else makes one.
// Status, the wish to drain, the connection and the load are separate fields; `isSchedulable` (dispatch) joins them.
import type {
  CapabilityStates,
  FeaturesSupported,
  Hardware,
  HeartbeatGpu,
  InstalledModel,
  Platform,
  ResourceUsage,
} from '../../../shared/protocol/node-messages';
import type { FailedCheck } from '../../../shared/protocol/scheduler-messages';
import type { NodeStatus, StatusReasonCode } from '../../../shared/protocol/status';

/** One moment on both clocks: wall for people, monotonic for every age and deadline. */
export interface Instant {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/** What a node said of itself when it registered, kept up to date by its heartbeats. */
export interface NodeProfile {
  readonly name: string;
  readonly version: string;
  readonly platform: Platform;
  readonly hardware: Hardware;
  readonly installedModels: readonly InstalledModel[];
  /** Null: the node sent none, and every installed model counts as ready (protocol §2). */
  readonly capabilityState: CapabilityStates | null;
  readonly featuresSupported: FeaturesSupported;
  readonly advancedFeatures: readonly string[];
  readonly acceptPublicJobs: boolean;
  readonly maxConcurrentJobs: number;
}

export interface HealthHistory {
  /** The last `failureRateWindowSize` checks, oldest first. */
  readonly window: readonly boolean[];
  readonly consecutiveSuccesses: number;
  readonly consecutiveFailures: number;
  /** Null until the first check has run. */
  readonly lastCheck: { readonly ok: boolean; readonly failedChecks: readonly FailedCheck[] } | null;
}

/** An operator's or the node's own wish that the node be drained. An operator's outlasts reconnects and restarts. */
export interface DrainIntent {
  readonly by: 'operator' | 'node';
  readonly reason: string | null;
  readonly requestedAt: Instant;
  /** From `requestedAt`; then what is in flight is requeued. */
  readonly timeoutMs: number;
}

export interface NodeRecord {
  readonly nodeId: string;
  readonly profile: NodeProfile;
  readonly status: NodeStatus;
  readonly reasonCode: StatusReasonCode;
  readonly previousStatus: NodeStatus | null;
  readonly since: Instant;
  /** A live, registered socket. False stops dispatch at once and leaves the status. */
  readonly online: boolean;
  readonly drain: DrainIntent | null;
  /** When the present stay in `registering` began: the warm-up clock. */
  readonly registeredAt: Instant;
  /** Receive time of the last heartbeat, or of the registration when there was none since. */
  readonly lastSeen: Instant;
  /** Unix ms of the last heartbeat received; null when none arrived since the registration. */
  readonly lastHeartbeatAtMs: number | null;
  readonly health: HealthHistory;
  readonly usage: ResourceUsage | null;
  readonly gpus: readonly HeartbeatGpu[] | null;
  /** Jobs that the scheduler has assigned and not yet seen end. */
  readonly assignedJobs: number;
  /** Monotonic ms of the last assignment; null when never. */
  readonly lastAssignedAtMs: number | null;
}

/** Jobs in flight: what the scheduler assigned, never less than what the node reports (lifecycle §3, filter 6). */
export const inFlightJobs = (record: NodeRecord): number => Math.max(record.assignedJobs, record.usage?.running_jobs ?? 0);
