// The figures that dispatch is judged by (lifecycle §5, `scheduler.load_balancer`). Percentages 0-100.

export interface DispatchPolicy {
  /** A node takes jobs only while each use is strictly below its threshold. */
  readonly cpuThresholdPercent: number;
  readonly gpuThresholdPercent: number;
  readonly memoryThresholdPercent: number;
}

export const DEFAULT_DISPATCH_POLICY: DispatchPolicy = {
  cpuThresholdPercent: 25,
  gpuThresholdPercent: 25,
  memoryThresholdPercent: 25,
};
