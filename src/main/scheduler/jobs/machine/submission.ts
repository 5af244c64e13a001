// Makes the facts of a job from its submission: adds the model of the task to the required ones, fills in defaults, and normalizes
// requirements, so that equal requirements have equal JSON.
import type { JobSubmission } from '../../../../shared/api/job';
import { isStreamed, modelOfTask, type Task, taskKindOf } from '../../../../shared/protocol/tasks';
import { type JobRequirements, parseRequirements, toRequirementsView } from '../../dispatch/job-requirements';
import { CONFIRMATION_TIMEOUT_MS, type JobFacts } from './job-record';

export interface JobDefaults {
  readonly timeoutMs: number;
  readonly queueTimeoutMs: number;
  /** The confirmation timeout of an interactive job. */
  readonly busyTimeoutMs: number;
}

export interface JobIdentity {
  readonly jobId: string;
  readonly seq: number;
  readonly traceId: string;
  readonly interactive: boolean;
  /** Size of the task as JSON. */
  readonly payloadBytes: number;
  /** The id of the key or member. Null: a caller on loopback without a key. */
  readonly submitter: string | null;
  readonly retryOf?: string | undefined;
  readonly follower?: string | undefined;
}

export function factsOf(
  submission: JobSubmission,
  { jobId, seq, traceId, interactive, payloadBytes, submitter, retryOf, follower }: JobIdentity,
  defaults: JobDefaults,
): JobFacts {
  const { task } = submission;
  return {
    jobId,
    seq,
    task: { kind: task.kind, path: task.kind === 'openai' ? task.path : null, model: modelOfTask(task), payloadBytes },
    requirements: requirementsOf(submission, task),
    priority: submission.priority,
    maxAttempts: submission.max_attempts,
    timeoutMs: submission.timeout_seconds === undefined ? defaults.timeoutMs : submission.timeout_seconds * 1000,
    queueTimeoutMs: submission.queue_timeout_seconds === undefined ? defaults.queueTimeoutMs : submission.queue_timeout_seconds * 1000,
    confirmationTimeoutMs: interactive ? Math.min(CONFIRMATION_TIMEOUT_MS, defaults.busyTimeoutMs) : CONFIRMATION_TIMEOUT_MS,
    totalTimeoutMs: submission.total_timeout_seconds === undefined ? null : submission.total_timeout_seconds * 1000,
    interactive,
    streams: task.kind === 'openai' && isStreamed(task),
    traceId,
    submitter,
    ...(retryOf === undefined ? {} : { retryOf }),
    ...(follower === undefined ? {} : { follower }),
  };
}

/** The submission of a job with the same task, requirements and limits. */
export function submissionOf(facts: JobFacts, task: Task): JobSubmission {
  const { required_task: _task, ...requirements } = toRequirementsView(facts.requirements);
  return {
    ...requirements,
    task,
    timeout_seconds: facts.timeoutMs / 1000,
    queue_timeout_seconds: facts.queueTimeoutMs / 1000,
    ...(facts.totalTimeoutMs === null ? {} : { total_timeout_seconds: facts.totalTimeoutMs / 1000 }),
    wait_for_node: true,
    max_attempts: facts.maxAttempts,
    priority: facts.priority,
  };
}

/** The fields have the order of `parseRequirements`, so that jobs from the store and new jobs have equal JSON. */
function requirementsOf(submission: JobSubmission, task: Task): JobRequirements {
  const {
    requiredModels,
    requiredKinds: kinds,
    requiredFeatures: features,
    requiredTask: _task,
    ...others
  } = parseRequirements(submission);
  const modelId = modelOfTask(task);
  return {
    requiredModels: [...new Set([modelId, ...requiredModels])].sort(),
    requiredTask: { modelId, task: taskKindOf(task) },
    ...(kinds === undefined || kinds.length === 0 ? {} : { requiredKinds: kinds }),
    ...(features === undefined || features.length === 0 ? {} : { requiredFeatures: [...new Set(features)].sort() }),
    ...others,
  };
}
