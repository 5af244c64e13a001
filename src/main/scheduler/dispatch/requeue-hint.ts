// Whether a change of a node can matter to a job. Most heartbeats only change the load of a node that is schedulable before and after:
// that matters for the order of the candidates, but for no filter. Kubernetes calls this a queueing hint.
import { largestAvailableGpuGb } from '../lifecycle/gpu-usability';
import type { NodeRecord } from '../lifecycle/node-record';
import { isSchedulable } from './filters';
import { modelsWithoutVram } from './free-vram';
import type { DispatchPolicy } from './policy';

/** Whether a job that did not pass the filters with `previous` may pass them with `next`. */
export function mayUnblockJobs(previous: NodeRecord | null, next: NodeRecord | null, policy: DispatchPolicy): boolean {
  if (next === null || next === previous || !isSchedulable(next, policy)) return false;
  return previous === null || !hasSameDispatchOutcome(previous, next, policy);
}

/** True: both records are schedulable, pass the same jobs, and fail the other jobs with the same exclusion. */
export const hasSameDispatchOutcome = (previous: NodeRecord, next: NodeRecord, policy: DispatchPolicy): boolean =>
  previous.profile === next.profile &&
  previous.failures === next.failures &&
  isSchedulable(previous, policy) &&
  isSchedulable(next, policy) &&
  gpuGb(previous) === gpuGb(next) &&
  modelsWithoutVram(previous) === modelsWithoutVram(next);

const gpuGb = ({ profile, usage, gpus }: NodeRecord): number | null => largestAvailableGpuGb({ hardware: profile.hardware, usage, gpus });
