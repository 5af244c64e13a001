// Which changes of a node could help a job that waits: the one question that dispatch asks of every event at a node.
import { largestAvailableGpuGb } from '../lifecycle/gpu-usability';
import type { NodeRecord } from '../lifecycle/node-record';
import { isSchedulable } from './filters';
import type { DispatchPolicy } from './policy';

/** Whether `next` may pass a filter for some job that `previous` did not: it became schedulable, or it offers something else. */
export function opensMore(previous: NodeRecord | null, next: NodeRecord | null, policy: DispatchPolicy): boolean {
  if (next === null || next === previous || !isSchedulable(next, policy)) return false;
  if (previous === null || !isSchedulable(previous, policy)) return true;
  return previous.profile !== next.profile || gpuGb(previous) !== gpuGb(next);
}

const gpuGb = ({ profile, usage, gpus }: NodeRecord): number | null => largestAvailableGpuGb({ hardware: profile.hardware, usage, gpus });
