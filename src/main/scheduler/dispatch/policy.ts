// The parameters of dispatch (lifecycle §5, `scheduler.load_balancer`), and what it must know of the pool.

/** Limits of the load that the operator set, percent. Null: not set. 100: no limit. */
export interface SchedulerLimits {
  readonly cpuPercent: number | null;
  readonly gpuPercent: number | null;
  readonly memoryPercent: number | null;
}

/**
 * How a node is chosen among those that can run a job. `predicted`: the one that should finish first. `least_connections`: fewest jobs in
 * flight. `round_robin`: the one that was chosen longest ago.
 */
export type Strategy = 'predicted' | 'least_connections' | 'round_robin';

/** As the operator configures it. */
export interface DispatchSettings {
  readonly strategy: Strategy;
  /** Whether a job may wait for a full node that should finish it much earlier than a free one. */
  readonly holdsJobs: boolean;
  readonly limits: SchedulerLimits;
}

export interface DispatchPolicy extends DispatchSettings {
  /** Only this computer reaches the scheduler. */
  readonly isOnLoopback: boolean;
  /** On loopback with at most one node that is not offline: the owner of the node is the sender of its jobs. */
  readonly isOwnPool: boolean;
}

export const DEFAULT_DISPATCH_POLICY: DispatchPolicy = {
  strategy: 'predicted',
  holdsJobs: true,
  limits: { cpuPercent: null, gpuPercent: null, memoryPercent: null },
  isOnLoopback: false,
  isOwnPool: false,
};
