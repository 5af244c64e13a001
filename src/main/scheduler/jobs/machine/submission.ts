// Makes the facts of a job from its submission: adds the model of the task to the required ones, fills in defaults, and normalizes
// requirements, so that equal requirements have equal JSON.
import type { JobRequirements } from '../../../../shared/api/dispatch';
import type { JobSubmission } from '../../../../shared/api/job';
import { modelOfTask, type Task, taskKindOf } from '../../../../shared/protocol/tasks';
import type { JobFacts } from './job-record';

export interface JobDefaults {
  readonly timeoutMs: number;
  readonly queueTimeoutMs: number;
}

export interface JobIdentity {
  readonly jobId: string;
  readonly seq: number;
  readonly traceId: string;
  readonly interactive: boolean;
  /** Size of the task as JSON. */
  readonly payloadBytes: number;
}

export function factsOf(
  submission: JobSubmission,
  { jobId, seq, traceId, interactive, payloadBytes }: JobIdentity,
  defaults: JobDefaults,
): JobFacts {
  const { task } = submission;
  return {
    jobId,
    seq,
    task: { kind: task.kind, path: task.kind === 'openai' ? task.path : null, model: modelOfTask(task), payload_bytes: payloadBytes },
    requirements: requirementsOf(submission, task),
    priority: submission.priority,
    maxAttempts: submission.max_attempts,
    timeoutMs: submission.timeout_seconds === undefined ? defaults.timeoutMs : submission.timeout_seconds * 1000,
    queueTimeoutMs: submission.queue_timeout_seconds === undefined ? defaults.queueTimeoutMs : submission.queue_timeout_seconds * 1000,
    totalTimeoutMs: submission.total_timeout_seconds === undefined ? null : submission.total_timeout_seconds * 1000,
    interactive,
    traceId,
  };
}

function requirementsOf(submission: JobRequirements, task: Task): JobRequirements {
  const { required_kinds: kinds, required_features: features, public: isPublic, node_id: nodeId, min_gpu_memory_gb: memoryGb } = submission;
  return {
    required_models: [...new Set([modelOfTask(task), ...submission.required_models])].sort(),
    required_task: { model_id: modelOfTask(task), task: taskKindOf(task) },
    ...(kinds === undefined || kinds.length === 0 ? {} : { required_kinds: kinds }),
    ...(features === undefined || features.length === 0 ? {} : { required_features: [...new Set(features)].sort() }),
    public: isPublic,
    ...(nodeId === undefined ? {} : { node_id: nodeId }),
    ...(memoryGb === undefined ? {} : { min_gpu_memory_gb: memoryGb }),
  };
}
