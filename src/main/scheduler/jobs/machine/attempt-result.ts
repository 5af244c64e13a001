// Reads the result of an attempt: an answer that is not whole is a failed attempt, and such an output is not kept (ADR 0018).
import type { JobError, JobResultView } from '../../../../shared/api/job';
import { answerFault, isKnownAnswer, isRefusal, refusalFacts } from './answer-check';
import { jobError, REFUSED_CODE } from './job-error';
import type { JobMachineEvent } from './job-events';
import type { JobFacts } from './job-record';
import type { JobTimings } from '../../dispatch/prediction/job-timings';
import { toTimings } from './job-timings';
import type { SeenChunks } from './stream-check';

export interface AttemptResult {
  readonly jobId: string;
  readonly attempt: number;
  readonly success: boolean;
  readonly output: unknown;
  /** Null: the node gave none. */
  readonly error: JobError | null;
  readonly processingTimeMs: number;
  /** Null: the node reported none. */
  readonly timings: JobTimings | null;
  /** The chunks that the replica of the node has passed on. Absent or null: they came to this scheduler. */
  readonly seen?: SeenChunks | null;
}

export interface ReadResult {
  readonly event: Extract<JobMachineEvent, { type: 'result' }>;
  readonly view: JobResultView;
  /** As the node reported them, also with a failed attempt. */
  readonly timings: JobTimings | null;
}

/** The details of an error are stored with the state of the job, which must stay small. Larger details are dropped. */
const MAX_DETAILS_LENGTH = 4096;

/**
 * `facts` undefined: the job is not known, so its answer is not checked. `elsewhere`: whether another node could confirm a final error
 * (`isServed`), or a refusal of the request without a wait (`isFree`).
 */
export function readResult(
  nodeId: string,
  message: AttemptResult,
  facts: JobFacts | undefined,
  seen: SeenChunks,
  elsewhere: (question: 'isServed' | 'isFree') => boolean,
): ReadResult {
  const { attempt, success, output, processingTimeMs, timings } = message;
  const fault = success && facts !== undefined ? answerFault(facts, output, seen) : null;
  const error = fault === null ? errorOf(message) : unreadable(fault);
  const retryable = fault !== null || isRetryable(message);
  const isFinal = error !== null && !retryable;
  const isRefused = error === null && isRefusal(output);
  return {
    event: {
      type: 'result',
      attempt,
      nodeId,
      error,
      retryable,
      isServedElsewhere: (isFinal && elsewhere('isServed')) || (isRefused && elsewhere('isFree')),
      isUnknownForm: error === null && facts !== undefined && !isKnownAnswer(facts, output),
      isRefusal: fault === 'output.chunks' || isRefused,
      refusal: isRefused ? refusalOf(output) : null,
    },
    view: {
      attempt,
      node_id: nodeId,
      success: error === null,
      output: fault === null ? output : null,
      error,
      processing_time_ms: processingTimeMs,
      ...(timings === null ? {} : { timings: toTimings(timings) }),
    },
    timings,
  };
}

/** The refusal of a runtime as an error, for the case that no other node confirms it. */
function refusalOf(output: unknown): JobError {
  const { status, message } = refusalFacts(output);
  return jobError(REFUSED_CODE, 'the model server refused the request', { status, runtime_message: message });
}

/** `field`: the first part of the answer that is missing or has another type. */
export const unreadable = (field: string): JobError => jobError('unreadable_answer', 'the node sent no answer of this path', { field });

function errorOf({ success, error }: AttemptResult): JobError | null {
  if (success) return null;
  if (error === null) return jobError('failed', 'the node gave no reason');
  const isSmall = JSON.stringify(error.details).length <= MAX_DETAILS_LENGTH;
  return { code: error.code, message: error.message, details: isSmall ? error.details : null };
}

/** The node reports `retryable` in the details. Without it, a retry is expected to fail too. */
function isRetryable({ error }: AttemptResult): boolean {
  const details = error?.details;
  return typeof details === 'object' && details !== null && 'retryable' in details && details.retryable === true;
}
