// Whether a change of a node makes a difference to any job. Most heartbeats bring figures of a node that may get jobs before and after:
// those matter for the choice among the fitting, and to no filter.
import { largestAvailableGpuGb } from '../lifecycle/gpu-usability';
import type { NodeRecord } from '../lifecycle/node-record';
import { isSchedulable } from './filters';
import type { DispatchPolicy } from './policy';

/** True: both records pass the same jobs, and fail the others by the same exclusion. They are schedulable, and offer the same. */
export const hasSameDispatchOutcome = (previous: NodeRecord, next: NodeRecord, policy: DispatchPolicy): boolean =>
  previous.profile === next.profile && isSchedulable(previous, policy) && isSchedulable(next, policy) && gpuGb(previous) === gpuGb(next);

const gpuGb = ({ profile, usage, gpus }: NodeRecord): number | null => largestAvailableGpuGb({ hardware: profile.hardware, usage, gpus });
