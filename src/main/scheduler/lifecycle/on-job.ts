// The transitions of a node at the beginning and the end of its jobs: the jobs in flight, the order of the nodes, the
// failures and the rates.
import type { Effect, NodeEvent, Transition } from './events';
import { withFirstToken, withJob, withoutJob } from './expected-jobs';
import { afterAssignment, afterAttempt, afterExcuse, afterFailure, type AttemptVerdict } from './model-failures';
import { afterSample, withoutRemovedModels } from './model-rates';
import type { Instant, NodeFailures, NodeRecord } from './node-record';
import type { LifecyclePolicy } from './policy';
import { finishDrainWhenIdle } from './status-change';

type JobAssigned = Extract<NodeEvent, { type: 'job_assigned' }>;
type JobReleased = Extract<NodeEvent, { type: 'job_released' }>;
type AttemptFailed = Extract<NodeEvent, { type: 'attempt_failed' }>;
type FirstToken = Extract<NodeEvent, { type: 'first_token' }>;
type JobMeasured = Extract<NodeEvent, { type: 'job_measured' }>;
type FailureExcused = Extract<NodeEvent, { type: 'failure_excused' }>;

export function onJobAssigned(record: NodeRecord, { jobId, modelId, turn, expected }: JobAssigned, now: Instant): Transition {
  const assigned: NodeRecord = {
    ...record,
    assignedJobs: record.assignedJobs + 1,
    lastAssignedAtMonotonicMs: now.monotonicMs,
    turn: turn ?? record.turn,
    failures: afterAssignment(record.failures, modelId, jobId),
    expectedJobs: expected === undefined ? record.expectedJobs : withJob(record.expectedJobs, jobId, expected),
  };
  return [assigned, []];
}

export function onJobReleased(record: NodeRecord, event: JobReleased, now: Instant, policy: LifecyclePolicy): Transition {
  const expectedJobs = withoutJob(record.expectedJobs, event.jobId);
  if (record.assignedJobs === 0) return [expectedJobs === record.expectedJobs ? record : { ...record, expectedJobs }, []];
  const { modelId, verdict } = event;
  const failures = afterAttempt(record.failures, event, verdict, now);
  const effects = failingEffects(record.failures, failures, modelId);
  const released: NodeRecord = {
    ...record,
    assignedJobs: record.assignedJobs - 1,
    lastJobAtMonotonicMs: now.monotonicMs,
    usage: usageWithoutReleased(record),
    provenSlots: slotsAfter(record, verdict, policy),
    failures,
    expectedJobs,
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

export function onFirstToken(record: NodeRecord, { jobId }: FirstToken): Transition {
  const expectedJobs = withFirstToken(record.expectedJobs, jobId);
  return [expectedJobs === record.expectedJobs ? record : { ...record, expectedJobs }, []];
}

/** The node may have removed the model while the job ran. The sample counts, so that such a node does not get the same trial again. */
export function onJobMeasured(record: NodeRecord, { modelId, sample }: JobMeasured, now: Instant): Transition {
  const rates = afterSample(record.rates, modelId, sample, now.monotonicMs);
  return [{ ...record, rates: withoutRemovedModels(rates, record.profile.installedModels, now.monotonicMs) }, []];
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
