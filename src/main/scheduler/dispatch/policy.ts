// The parameters of dispatch (lifecycle §5, `scheduler.load_balancer`). Percentages 0-100.

export interface DispatchPolicy {
  /** A node gets jobs only while each usage is strictly below its threshold. */
  readonly cpuThresholdPercent: number;
  readonly gpuThresholdPercent: number;
  readonly memoryThresholdPercent: number;
}

export const DEFAULT_DISPATCH_POLICY: DispatchPolicy = {
  cpuThresholdPercent: 25,
  gpuThresholdPercent: 25,
  memoryThresholdPercent: 25,
};
