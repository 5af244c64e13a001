// The health check of one heartbeat (lifecycle §2): healthy when every check of the list passes.
import type { FailedCheck } from '../../../shared/protocol/scheduler-messages';
import type { CheckInput, HealthCheck } from './checks/check-input';
import { gpuCheck } from './checks/gpu-check';
import { heartbeatCheck } from './checks/heartbeat-check';
import { modelsCheck } from './checks/models-check';

const CHECKS: readonly HealthCheck[] = [heartbeatCheck, gpuCheck, modelsCheck];

const NONE: readonly FailedCheck[] = [];

/** The checks that failed, in the order of the list; empty when the node is healthy. */
export function checkHealth(input: CheckInput): readonly FailedCheck[] {
  let failed: FailedCheck[] | null = null;
  for (const check of CHECKS) {
    const failure = check(input);
    if (failure !== null) (failed ??= []).push(failure);
  }
  return failed ?? NONE;
}
