// What tests with the job world submit.
import { type JobSubmission, jobSubmissionSchema } from '../../src/shared/api/job';
import { chatTask } from './job-pool';

export interface SubmitChange {
  readonly priority?: number;
  readonly model?: string;
  /** The message to the model. */
  readonly content?: string;
  readonly maxAttempts?: number;
  readonly nodeId?: string;
  readonly timeoutSeconds?: number;
  readonly totalTimeoutSeconds?: number;
  readonly key?: string;
  readonly waitForNode?: boolean;
  /** A client waits for the job on a connection. */
  readonly interactive?: boolean;
  /** The client wants the answer in parts. */
  readonly streams?: boolean;
}

export function submissionOf(change: SubmitChange): JobSubmission {
  const { priority, model, content, maxAttempts, nodeId, timeoutSeconds, totalTimeoutSeconds, waitForNode, streams = false } = change;
  const task = chatTask(content, model);
  return jobSubmissionSchema.parse({
    task: streams ? { ...task, body: { ...task.body, stream: true } } : task,
    priority,
    max_attempts: maxAttempts,
    node_id: nodeId,
    timeout_seconds: timeoutSeconds,
    total_timeout_seconds: totalTimeoutSeconds,
    wait_for_node: waitForNode,
  });
}
