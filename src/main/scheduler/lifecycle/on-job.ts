// The transitions of a node at the beginning and the end of its jobs: the jobs in flight, the order of the nodes, and the failures.
import type { Effect, NodeEvent, Transition } from './events';
import { afterAssignment, afterAttempt, afterExcuse, afterFailure, type AttemptVerdict } from './model-failures';
import type { Instant, NodeFailures, NodeRecord } from './node-record';
import type { LifecyclePolicy } from './policy';
import { finishDrainWhenIdle } from './status-change';

type JobAssigned = Extract<NodeEvent, { type: 'job_assigned' }>;
type JobReleased = Extract<NodeEvent, { type: 'job_released' }>;
type AttemptFailed = Extract<NodeEvent, { type: 'attempt_failed' }>;
type FailureExcused = Extract<NodeEvent, { type: 'failure_excused' }>;

export function onJobAssigned(record: NodeRecord, { jobId, modelId, turn }: JobAssigned, now: Instant): Transition {
  const assigned: NodeRecord = {
    ...record,
    assignedJobs: record.assignedJobs + 1,
    lastAssignedAtMonotonicMs: now.monotonicMs,
    turn: turn ?? record.turn,
    failures: afterAssignment(record.failures, modelId, jobId),
  };
  return [assigned, []];
}

export function onJobReleased(record: NodeRecord, event: JobReleased, now: Instant, policy: LifecyclePolicy): Transition {
  if (record.assignedJobs === 0) return [record, []];
  const { modelId, verdict } = event;
  const failures = afterAttempt(record.failures, event, verdict, now);
  const effects = failingEffects(record.failures, failures, modelId);
  const released: NodeRecord = {
    ...record,
    assignedJobs: record.assignedJobs - 1,
    usage: usageWithoutReleased(record),
    provenSlots: slotsAfter(record, verdict, policy),
    failures,
  };
  return [finishDrainWhenIdle(released, now, effects), effects];
}

export function onAttemptFailed(record: NodeRecord, event: AttemptFailed, now: Instant): Transition {
  const failures = afterFailure(record.failures, event, event.error, now);
  return [{ ...record, failures }, failingEffects(record.failures, failures, event.modelId)];
}

export function onFailureExcused(record: NodeRecord, { modelId }: FailureExcused, now: Instant): Transition {
  const failures = afterExcuse(record.failures, modelId, now);
  return [failures === record.failures ? record : { ...record, failures }, []];
}

/** The last report of the node counts the job that has just ended, unless it counts fewer jobs than were assigned. */
function usageWithoutReleased({ usage, assignedJobs }: NodeRecord): NodeRecord['usage'] {
  if (usage === null || usage.runningJobs < assignedJobs) return usage;
  return { ...usage, runningJobs: usage.runningJobs - 1 };
}

/** Each success opens one more slot, up to the limit of the node. A failure halves the slots, but not below the default of the policy. */
function slotsAfter({ profile, provenSlots }: NodeRecord, { kind }: AttemptVerdict, policy: LifecyclePolicy): number {
  if (kind === 'succeeded') return provenSlots < profile.maxConcurrentJobs ? provenSlots + 1 : provenSlots;
  if (kind !== 'failed') return provenSlots;
  return Math.max(Math.min(provenSlots, policy.maxConcurrentJobsPerNode), Math.floor(provenSlots / 2));
}

/** An exclusion has begun. */
function failingEffects(before: NodeFailures, after: NodeFailures, modelId: string): Effect[] {
  const entry = after.byModel.get(modelId);
  return entry?.phase === 'excluded' && before.byModel.get(modelId)?.phase !== 'excluded'
    ? [{ type: 'model_failing', modelId, entry }]
    : [];
}
