// What to do with a job that the scheduler assigns: run it, say again what was said, or refuse it with the reason. Pure.
import { MAX_ACTIVE_JOBS } from '../../../shared/protocol/limits';
import { failed, type JobOutcome } from '../../runtimes/core/runtime-outcome';

export interface JobKey {
  readonly jobId: string;
  readonly attempt: number;
}

export const isSameKey = (one: JobKey, other: JobKey): boolean => one.jobId === other.jobId && one.attempt === other.attempt;

/** The jobs of this node as far as a decision needs them. */
export interface JobsHere {
  /** Those that go on: what was told to stop frees its place at once. */
  readonly running: readonly JobKey[];
  /** Ended, and not yet acknowledged. */
  readonly ended: readonly JobKey[];
  readonly maxConcurrentJobs: number;
  /** The node is about to stop: what runs goes on, nothing new begins. */
  readonly stopping: boolean;
  /** Results may be kept: neither the disk nor the budget for them is full. */
  readonly canKeepResults: boolean;
}

/** Whether a runtime runs the task; `listed`: the model is here, and nothing that would run this task on it. */
export type Offer = 'runs' | 'listed' | 'unknown';

export type AssignmentDecision =
  /** `inVain`: an older attempt of the same job, which the scheduler has given up. */
  | { readonly kind: 'run'; readonly inVain: JobKey | null }
  /** It runs already: only the confirmation was lost. */
  | { readonly kind: 'confirm' }
  /** It has ended already: only the result was lost. */
  | { readonly kind: 'tell_result' }
  | { readonly kind: 'refuse'; readonly outcome: JobOutcome };

export function decideAssignment(here: JobsHere, { jobId, attempt }: JobKey, offer: Offer): AssignmentDecision {
  const running = here.running.find((job) => job.jobId === jobId);
  if (running?.attempt === attempt) return { kind: 'confirm' };
  const ended = here.ended.filter((job) => job.jobId === jobId);
  if (ended.some((job) => job.attempt === attempt)) return { kind: 'tell_result' };
  const newest = Math.max(running?.attempt ?? 0, ...ended.map((job) => job.attempt));
  if (newest > attempt) return refuse('stale_attempt', 'a newer attempt of this job is here', true, { newest_attempt: newest });
  if (offer === 'unknown') return refuse('unknown_model', 'the model is not on this node', true);
  if (offer === 'listed') return refuse('no_runtime', 'no runtime of this node runs such tasks on the model', true);
  if (here.stopping) return refuse('node_stopping', 'this node is about to stop', true);
  if (!here.canKeepResults || here.running.length + here.ended.length >= MAX_ACTIVE_JOBS)
    return refuse('results_waiting', 'too many results wait to be acknowledged', true, { waiting: here.ended.length });
  const others = here.running.length - (running === undefined ? 0 : 1);
  if (others >= here.maxConcurrentJobs)
    return refuse('capacity', 'this node runs as many jobs as it may', true, { limit: here.maxConcurrentJobs });
  return { kind: 'run', inVain: running ?? null };
}

const refuse = (...why: Parameters<typeof failed>): AssignmentDecision => ({ kind: 'refuse', outcome: failed(...why) });
