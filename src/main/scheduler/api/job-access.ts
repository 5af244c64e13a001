// The rights of a caller on jobs: which jobs the caller sees, and which jobs it may send (ADR 0021).
import type { ExplainRequest } from '../../../shared/api/dispatch';
import type { JobSubmission, JobSummary, JobView } from '../../../shared/api/job';
import type { NodeJob } from '../../../shared/api/pool-view';
import { isRecord } from '../../../shared/json';
import { type Task, modelOfTask } from '../../../shared/protocol/tasks';
import type { JobsPort, SubmitFailure, Submitter } from '../jobs/jobs-port';
import type { Caller } from '../members/core/principal';
import type { KeyUsage } from '../members/key-usage';
import type { ErrorDetails } from '../access/error-response';
import { rateLimitHeaders } from './openai/core/rate-limits';

export const submitterOf = ({ principal }: Pick<Caller, 'principal'>, usage: KeyUsage): Submitter => {
  const maxQueued = usage.maxQueuedOf(principal);
  return { id: principal?.id ?? null, maxQueued: Number.isFinite(maxQueued) ? maxQueued : null };
};

/** Of an answer. Nothing: the key has no limits for its requests. */
export function limitHeadersOf(usage: KeyUsage, { principal }: Pick<Caller, 'principal'>): Readonly<Record<string, string>> {
  const limits = usage.rateLimitsOf(principal);
  return limits === null ? {} : rateLimitHeaders(limits);
}

/** Other limits of a key are noted where they are reached. */
export function noteRefusal(usage: KeyUsage, { principal }: Pick<Caller, 'principal'>, failure: SubmitFailure): void {
  if (failure.code !== 'LIMIT_REACHED') return;
  if (failure.limit === 'queued') usage.queueRefused(principal);
  else usage.jobRefused(principal);
}

export const ownIdOf = ({ principal }: Caller): Pick<Submitter, 'id'> => ({ id: principal?.id ?? null });

/** Whether the caller has this job. Jobs of others are reported as unknown, so that a guessed id reveals nothing. */
export async function seesJob(jobs: Pick<JobsPort, 'submitterOf'>, caller: Caller, jobId: string): Promise<boolean> {
  if (caller.grant !== 'own') return true;
  const submitter = await jobs.submitterOf(jobId);
  return submitter !== null && submitter.id === ownIdOf(caller).id;
}

/** A job of another that ran on the node of the caller. Null: it did not run there. */
export function jobOfNode(job: JobView | null, nodeId: string): JobView | null {
  if (job === null) return null;
  const attempts = job.attempts.filter((attempt) => attempt.node_id === nodeId);
  if (attempts.length === 0) return null;
  const { result } = withoutContents(job);
  return {
    ...summaryOfNode(job, nodeId),
    requirements: job.requirements,
    timeout_seconds: job.timeout_seconds,
    queue_deadline_at: job.queue_deadline_at,
    total_deadline_at: job.total_deadline_at,
    attempts: attempts.map(({ prediction: _choice, ...attempt }) => ({ ...attempt, error: codeOnly(attempt.error) })),
    result: result?.node_id === nodeId ? { ...result, error: codeOnly(result.error) } : null,
    waiting: null,
  };
}

/** In a list. Other nodes, the submitter and all texts do not concern the node. */
export const summaryOfNode = (job: JobSummary, nodeId: string): JobSummary => ({
  ...nodeJobOf(job),
  priority: job.priority,
  attempt: job.attempt,
  max_attempts: job.max_attempts,
  node_id: job.node_id === nodeId ? nodeId : null,
  error: codeOnly(job.error),
  trace_id: '',
  submitter: null,
});

/** The part of a job that its node may know. */
export const nodeJobOf = ({ job_id, status, task, created_at, started_at, finished_at }: JobSummary): NodeJob => ({
  job_id,
  status,
  task,
  created_at,
  started_at,
  finished_at,
});

const codeOnly = (error: JobView['error']): JobView['error'] => (error === null ? null : { code: error.code, message: '', details: null });

/** Whether the caller reads the result of a job that another key sent. */
export const readsContentsOfOthers = async (jobs: Pick<JobsPort, 'submitterOf'>, caller: Caller, jobId: string): Promise<boolean> =>
  caller.grant === 'all' && (await jobs.submitterOf(jobId))?.id !== ownIdOf(caller).id;

/** Why the caller may not send this job: details of `FORBIDDEN`. Null: it may. */
export function submissionFault(
  { principal }: Caller,
  usage: KeyUsage,
  { task, required_models: models, priority }: Pick<JobSubmission, 'required_models' | 'priority'> & { readonly task: Task },
): ErrorDetails {
  return requirementsFault(principal, usage, { models: [modelOfTask(task), ...models], priority });
}

/** The same for a job that is stored: its models include that of its task. */
export const retryFault = ({ principal }: Caller, usage: KeyUsage, { requirements, priority }: JobView): ErrorDetails =>
  requirementsFault(principal, usage, { models: requirements.required_models, priority });

function requirementsFault(
  principal: Caller['principal'],
  usage: KeyUsage,
  { models, priority }: { readonly models: readonly string[]; readonly priority: number },
): ErrorDetails {
  const fault = modelFault(principal, models);
  if (fault !== null) return fault;
  const max = usage.maxPriorityOf(principal);
  return priority > max ? { limit: 'priority', max, found: priority } : null;
}

/** Why the caller may not ask for an explanation: it would learn which nodes have a model that is not listed for it. */
export const explanationFault = ({ principal }: Caller, { required_models: models, required_task: task }: ExplainRequest): ErrorDetails =>
  modelFault(principal, task === undefined ? models : [task.model_id, ...models]);

function modelFault(principal: Caller['principal'], models: readonly string[]): ErrorDetails {
  const allowed = principal?.models ?? null;
  const other = allowed === null ? undefined : models.find((model) => !allowed.includes(model));
  return other === undefined ? null : { reason: 'model_not_allowed', model: other.slice(0, 256) };
}

/** Details that hold output of a runtime or a program, which may repeat the request. */
const PROGRAM_OUTPUT: readonly string[] = ['runtime_message', 'stderr_tail'];

/** A job for a caller that may not see contents. */
export function withoutContents(job: JobView): JobView {
  const { result } = job;
  return {
    ...job,
    error: withoutOutput(job.error),
    attempts: job.attempts.map((attempt) => ({ ...attempt, error: withoutOutput(attempt.error) })),
    result: result === null ? null : { ...result, output: null, error: withoutOutput(result.error) },
  };
}

export function withoutOutput(error: JobView['error']): JobView['error'] {
  if (error === null || !isRecord(error.details)) return error;
  return { ...error, details: Object.fromEntries(Object.entries(error.details).filter(([name]) => !PROGRAM_OUTPUT.includes(name))) };
}
