// The parameters of the lifecycle (lifecycle §5). Durations are milliseconds here and seconds in the configuration file.

export interface LifecyclePolicy {
  readonly heartbeatIntervalMs: number;
  readonly heartbeatTimeoutMs: number;
  readonly warmupTimeoutMs: number;
  readonly healthCheckSuccessThreshold: number;
  readonly failureRateWindowSize: number;
  readonly failureRateThreshold: number;
  readonly consecutiveFailureThreshold: number;
  readonly recoverySuccessThreshold: number;
  readonly drainTimeoutMs: number;
  readonly offlineRetentionMs: number;
  /** The same for a node that has never been ready. The lower of both holds. */
  readonly neverReadyRetentionMs: number;
  readonly maxConcurrentJobsPerNode: number;
  /** A node is healthy only when all of these models are installed, enabled and ready on it. */
  readonly requiredModels: readonly string[];
}

export const DEFAULT_LIFECYCLE_POLICY: LifecyclePolicy = {
  heartbeatIntervalMs: 15_000,
  heartbeatTimeoutMs: 45_000,
  warmupTimeoutMs: 60_000,
  healthCheckSuccessThreshold: 3,
  failureRateWindowSize: 5,
  failureRateThreshold: 3,
  consecutiveFailureThreshold: 3,
  recoverySuccessThreshold: 1,
  drainTimeoutMs: 3_600_000,
  offlineRetentionMs: 86_400_000,
  neverReadyRetentionMs: 300_000,
  maxConcurrentJobsPerNode: 4,
  requiredModels: [],
};
