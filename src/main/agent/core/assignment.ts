// Decides what to do with an assigned job: run it, confirm it again, send its result again, or refuse it with a reason.
import { MAX_ACTIVE_JOBS } from '../../../shared/protocol/limits';
import { failed, type JobOutcome } from '../../runtimes/core/runtime-outcome';

export interface JobKey {
  readonly jobId: string;
  readonly attempt: number;
}

export const isSameKey = (one: JobKey, other: JobKey): boolean => one.jobId === other.jobId && one.attempt === other.attempt;

/** The jobs and limits of this node. */
export interface NodeJobs {
  /** Running jobs. A job that is being stopped frees its slot immediately and is not among them. */
  readonly running: readonly JobKey[];
  /** Ended jobs whose results the scheduler has not acknowledged. */
  readonly ended: readonly JobKey[];
  readonly maxConcurrentJobs: number;
  /** The node is about to stop: running jobs go on, and no job starts. */
  readonly stopping: boolean;
  /** There is space for another result. */
  readonly canKeepResults: boolean;
}

/** Whether a runtime runs the task. `listed`: the model is on this node, but no runtime runs this task on it. */
export type ModelSupport = 'runs' | 'listed' | 'unknown';

export type AssignmentDecision =
  /** `obsolete`: a running older attempt of the same job. The scheduler does not want its result any more. */
  | { readonly kind: 'run'; readonly obsolete: JobKey | null }
  /** The attempt runs already: only the confirmation was lost. */
  | { readonly kind: 'confirm' }
  /** The attempt has ended already: only the result was lost. */
  | { readonly kind: 'resend_result' }
  | { readonly kind: 'refuse'; readonly outcome: JobOutcome };

export function decideAssignment(jobs: NodeJobs, { jobId, attempt }: JobKey, support: ModelSupport): AssignmentDecision {
  const running = jobs.running.find((job) => job.jobId === jobId);
  if (running?.attempt === attempt) return { kind: 'confirm' };
  const ended = jobs.ended.filter((job) => job.jobId === jobId);
  if (ended.some((job) => job.attempt === attempt)) return { kind: 'resend_result' };
  const newest = Math.max(running?.attempt ?? 0, ...ended.map((job) => job.attempt));
  if (newest > attempt) return refuse('stale_attempt', 'this node has a newer attempt of the job', true, { newest_attempt: newest });
  if (support === 'unknown') return refuse('unknown_model', 'the model is not on this node', true);
  if (support === 'listed') return refuse('no_runtime', 'no runtime of this node runs this task on the model', true);
  if (jobs.stopping) return refuse('node_stopping', 'this node is about to stop', true);
  if (!jobs.canKeepResults || jobs.running.length + jobs.ended.length >= MAX_ACTIVE_JOBS)
    return refuse('results_waiting', 'too many results are not acknowledged yet', true, { waiting: jobs.ended.length });
  const others = jobs.running.length - (running === undefined ? 0 : 1);
  if (others >= jobs.maxConcurrentJobs)
    return refuse('capacity', 'all slots of this node are taken', true, { limit: jobs.maxConcurrentJobs });
  return { kind: 'run', obsolete: running ?? null };
}

const refuse = (...why: Parameters<typeof failed>): AssignmentDecision => ({ kind: 'refuse', outcome: failed(...why) });
