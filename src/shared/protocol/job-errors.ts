// Every code that a job or an attempt of this version fails with, by who says it. On the wire a code is any string: a node of another
// version may say another.

/** Said by the scheduler, of a job or of an attempt that it has given up. */
export const SCHEDULER_JOB_ERRORS = [
  'queue_timeout',
  'total_timeout',
  'attempt_timeout',
  'node_lost',
  'drain_timeout',
  'cancelled',
  'task_unreadable',
  'failed',
] as const;

/** Said by what runs a task on a node; beside them `runtime_http_<status>`. */
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

/** Said by the node around it, which does not begin the task, gives it up, or cannot hand its result in. */
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
export type SchedulerJobError = (typeof SCHEDULER_JOB_ERRORS)[number];
export type RunError = (typeof RUN_ERRORS)[number] | RuntimeHttpError;
export type NodeJobError = RunError | (typeof NODE_JOB_ERRORS)[number];

/** The runtime answered with this status, which tells of itself and not of the request. */
export const runtimeHttpError = (status: number): RuntimeHttpError => `runtime_http_${status}`;

/** The status in such a code; null in any other. */
export function runtimeHttpStatus(code: string): number | null {
  const digits = /^runtime_http_(\d{3})$/.exec(code)?.[1];
  return digits === undefined ? null : Number(digits);
}
