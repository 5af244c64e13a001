// The next step after a failure: what a reader can do about this cause.
import type { AppFailedJob } from '../../../../shared/api/pool-failures';
import { runtimeHttpStatus } from '../../../../shared/protocol/job-errors';

export type FailureStep =
  /** Another node did the job: nothing is left to do. */
  | 'done'
  /** The model server or the node has a problem. */
  | 'node'
  /** The program wrote why it failed. */
  | 'output'
  /** No node had the model. */
  | 'models'
  /** All nodes that have the model were full or busy. */
  | 'nodes'
  | 'details';

const OF_THE_NODE: ReadonlySet<string> = new Set([
  'node_lost',
  'attempt_timeout',
  'timeout',
  'drain_timeout',
  'quarantined',
  'runtime_unreachable',
  'runtime_unauthorized',
  'program_missing',
  'program_not_started',
  'work_folder_failed',
  'no_runtime',
  'unknown_model',
  'not_stopped',
  'node_stopping',
]);
const WITH_OUTPUT: ReadonlySet<string> = new Set(['command_failed', 'output_missing', 'output_not_text', 'runtime_stream_error']);

export function failureStep({ status, retried_on, node_id, error }: AppFailedJob): FailureStep {
  if (status === 'succeeded' || retried_on !== null) return 'done';
  const code = error?.code ?? '';
  if (code === 'queue_timeout' || code === 'total_timeout') return waitingStep(error?.reasons ?? null);
  if (code === 'cancelled' && error?.message === 'pool_busy') return 'nodes';
  if (WITH_OUTPUT.has(code) || runtimeHttpStatus(code) !== null) return 'output';
  return node_id !== null && OF_THE_NODE.has(code) ? 'node' : 'details';
}

function waitingStep(reasons: NonNullable<AppFailedJob['error']>['reasons']): FailureStep {
  const count = (code: string): number => reasons?.[code]?.count ?? 0;
  if (count('capacity_exceeded') + count('resource_threshold_exceeded') + count('vram_insufficient') > 0) return 'nodes';
  return count('model_not_available') > 0 ? 'models' : 'details';
}
