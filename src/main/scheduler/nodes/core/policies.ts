// The lifecycle and dispatch policies of a configuration. Only this file converts seconds to milliseconds.
import type { SchedulerConfig } from '../../../platform/config/config';
import type { DispatchPolicy } from '../../dispatch/policy';
import type { LifecyclePolicy } from '../../lifecycle/policy';

export function lifecyclePolicyOf(config: SchedulerConfig): LifecyclePolicy {
  const { nodeHealth } = config;
  return {
    heartbeatIntervalMs: nodeHealth.heartbeatIntervalSeconds * 1000,
    heartbeatTimeoutMs: nodeHealth.heartbeatTimeoutSeconds * 1000,
    warmupTimeoutMs: nodeHealth.warmupTimeoutSeconds * 1000,
    healthCheckSuccessThreshold: nodeHealth.healthCheckSuccessThreshold,
    failureRateWindowSize: nodeHealth.failureRateWindowSize,
    failureRateThreshold: nodeHealth.failureRateThreshold,
    consecutiveFailureThreshold: nodeHealth.consecutiveFailureThreshold,
    recoverySuccessThreshold: nodeHealth.recoverySuccessThreshold,
    drainTimeoutMs: config.drainTimeoutSeconds * 1000,
    offlineRetentionMs: config.offlineRetentionSeconds * 1000,
    maxConcurrentJobsPerNode: config.maxConcurrentJobsPerNode,
    requiredModels: config.requiredModels,
  };
}

export const dispatchPolicyOf = ({ loadBalancer }: SchedulerConfig): DispatchPolicy => ({
  cpuThresholdPercent: loadBalancer.cpuThreshold,
  gpuThresholdPercent: loadBalancer.gpuThreshold,
  memoryThresholdPercent: loadBalancer.memoryThreshold,
});
