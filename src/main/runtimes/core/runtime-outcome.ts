// The outcome of a task on a runtime, and of its job on this node.
import type { NodeJobError, RunError } from '../../../shared/protocol/job-errors';

interface Succeeded {
  readonly success: true;
  readonly output: unknown;
}

interface Failed<Code extends NodeJobError> {
  readonly success: false;
  readonly error: {
    readonly code: Code;
    readonly message: string;
    readonly details: Readonly<Record<string, unknown>> & {
      /** Whether another attempt, perhaps on another node, may succeed. */
      readonly retryable: boolean;
    };
  };
}

export type RunOutcome = Succeeded | Failed<RunError>;
export type JobOutcome = Succeeded | Failed<NodeJobError>;

export const failed = <Code extends NodeJobError>(
  code: Code,
  message: string,
  retryable: boolean,
  details: Readonly<Record<string, unknown>> = {},
): Failed<Code> => ({ success: false, error: { code, message, details: { ...details, retryable } } });
