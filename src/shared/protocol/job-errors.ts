// The error codes of jobs and attempts in this version, by their source. On the wire a code is any string, since a node of another
// version may send other codes.

/** Set by the scheduler for a job or an attempt that it ended. */
export const SCHEDULER_JOB_ERRORS = [
  'queue_timeout',
  'total_timeout',
  'attempt_timeout',
  'node_lost',
  'drain_timeout',
  'quarantined',
  'unreadable_answer',
  'runtime_refused',
  'cancelled',
  'task_unreadable',
  'failed',
] as const;

/** Set by the runtime on a node. In addition there is `runtime_http_<status>`. */
export const RUN_ERRORS = [
  'unknown_model',
  'no_runtime',
  'bad_request',
  'unsupported_content_type',
  'program_missing',
  'program_not_started',
  'work_folder_failed',
  'command_failed',
  'output_missing',
  'output_not_text',
  'output_too_large',
  'output_too_deep',
  'runtime_unauthorized',
  'runtime_unreachable',
  'runtime_stream_broken',
  'runtime_stream_error',
  'unreadable_answer',
  'timeout',
  'cancelled',
] as const;

/** Set by the agent when it does not start a task, ends it, or cannot deliver its result. */
export const NODE_JOB_ERRORS = [
  'stale_attempt',
  'node_stopping',
  'results_waiting',
  'capacity',
  'not_stopped',
  'stream_broken',
  'result_lost',
  'internal_error',
] as const;

export const JOB_ERRORS = [...new Set([...SCHEDULER_JOB_ERRORS, ...RUN_ERRORS, ...NODE_JOB_ERRORS])];

type RuntimeHttpError = `runtime_http_${number}`;
export type JobErrorCode = (typeof JOB_ERRORS)[number];
export type SchedulerJobError = (typeof SCHEDULER_JOB_ERRORS)[number];
export type RunError = (typeof RUN_ERRORS)[number] | RuntimeHttpError;
export type NodeJobError = RunError | (typeof NODE_JOB_ERRORS)[number];

/** The code for a runtime that answered with this status because of its own problem, not because of the request. */
export const runtimeHttpError = (status: number): RuntimeHttpError => `runtime_http_${String(status)}` as RuntimeHttpError;

/** The status in `runtime_http_<status>`; null for any other code. */
export function runtimeHttpStatus(code: string): number | null {
  const digits = /^runtime_http_(\d{3})$/.exec(code)?.[1];
  return digits === undefined ? null : Number(digits);
}
