// The parameters of dispatch (lifecycle §5, `scheduler.load_balancer`), and what it must know of the pool.

/** Limits of the load that the operator set, percent. Null: not set. 100: no limit. */
export interface SchedulerLimits {
  readonly cpuPercent: number | null;
  readonly gpuPercent: number | null;
  readonly memoryPercent: number | null;
}

export interface DispatchPolicy {
  readonly limits: SchedulerLimits;
  /** Only this computer reaches the scheduler. */
  readonly isOnLoopback: boolean;
  /** On loopback with at most one node that is not offline: the owner of the node is the sender of its jobs. */
  readonly isOwnPool: boolean;
}

export const DEFAULT_DISPATCH_POLICY: DispatchPolicy = {
  limits: { cpuPercent: null, gpuPercent: null, memoryPercent: null },
  isOnLoopback: false,
  isOwnPool: false,
};
