// Which changes of a node could help a job that waits: the one question that dispatch asks of every event at a node.
import type { NodeRecord } from '../lifecycle/node-record';
import { isSchedulable } from './filters';
import { hasSameDispatchOutcome } from './judged-alike';
import type { DispatchPolicy } from './policy';

/** Whether `next` may pass a filter for some job that `previous` did not: it became schedulable, or it offers something else. */
export function mayUnblockJobs(previous: NodeRecord | null, next: NodeRecord | null, policy: DispatchPolicy): boolean {
  if (next === null || next === previous || !isSchedulable(next, policy)) return false;
  return previous === null || !hasSameDispatchOutcome(previous, next, policy);
}
