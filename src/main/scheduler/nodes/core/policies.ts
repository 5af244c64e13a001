// The lifecycle and dispatch policies of a configuration. Only this file converts seconds to milliseconds.
import { isLoopbackHost } from '../../../../shared/loopback';
import type { MusterConfig, SchedulerConfig, ServerConfig } from '../../../platform/config/config';
import type { DispatchPolicy, DispatchSettings } from '../../dispatch/policy';
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
    neverReadyRetentionMs: config.neverReadyRetentionSeconds * 1000,
    maxConcurrentJobsPerNode: config.maxConcurrentJobsPerNode,
    requiredModels: config.requiredModels,
  };
}

/** When the deadlines of all nodes are checked. */
export const sweepSettingsOf = (config: SchedulerConfig) => ({
  policy: lifecyclePolicyOf(config),
  scanIntervalMs: config.nodeHealth.periodicScanIntervalSeconds * 1000,
  pushesStatus: config.statusPushIntervalSeconds > 0,
});

export const dispatchSettingsOf = ({ loadBalancer }: Pick<SchedulerConfig, 'loadBalancer'>): DispatchSettings => {
  const {
    cpuThreshold: cpuPercent,
    gpuThreshold: gpuPercent,
    memoryThreshold: memoryPercent,
    strategy,
    holdJobs: holdsJobs,
  } = loadBalancer;
  return { strategy, holdsJobs, limits: { cpuPercent, gpuPercent, memoryPercent } };
};

/** The policy of a pool without nodes. */
export const dispatchPolicyOf = ({ server, scheduler }: Pick<MusterConfig, 'server' | 'scheduler'>): DispatchPolicy => {
  const isOnLoopback = isLoopbackHost(server.host);
  return { ...dispatchSettingsOf(scheduler), isOnLoopback, isOwnPool: isOnLoopback };
};

/** The limits of the node socket. */
export const endpointLimitsOf = (server: ServerConfig) => ({
  maxMessageBytes: server.maxMessageBytes,
  firstMessageTimeoutMs: server.firstMessageTimeoutSeconds * 1000,
  registrationTimeoutMs: server.registrationTimeoutSeconds * 1000,
  maxHandshakesPerAddress: server.maxHandshakesPerAddress,
});
