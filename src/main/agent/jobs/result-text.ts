// A job's outcome as the frame that tells it. What no frame can carry becomes a failure that says so.
import { DEFAULT_MAX_MESSAGE_BYTES } from '../../../shared/protocol/limits';
import { isTooDeep } from '../../../shared/protocol/decode';
import type { NodeMessageInput } from '../../../shared/protocol/node-messages';
import { failed, type JobOutcome } from '../../runtimes/runtime-outcome';
import type { JobKey } from './assignment-mapping';

export interface ResultFacts extends JobKey {
  readonly nodeId: string;
  readonly traceId: string;
  readonly processingTimeMs: number;
}

const MAX_MESSAGE_CHARACTERS = 4096;

/** JSON text of `job_result` (protocol §2). */
export function resultText(facts: ResultFacts, outcome: JobOutcome): string {
  const text = toText(facts, outcome);
  const bytes = Buffer.byteLength(text);
  if (bytes > DEFAULT_MAX_MESSAGE_BYTES) {
    const details = { bytes, limit_bytes: DEFAULT_MAX_MESSAGE_BYTES };
    return toText(facts, failed('output_too_large', 'the output is too large to be sent', false, details));
  }
  if (isTooDeep(text)) return toText(facts, failed('output_too_deep', 'the output is nested too deep to be sent', false));
  return text;
}

function toText({ jobId, attempt, nodeId, traceId, processingTimeMs }: ResultFacts, outcome: JobOutcome): string {
  const ended = outcome.success
    ? { output: outcome.output }
    : { error: { ...outcome.error, message: outcome.error.message.slice(0, MAX_MESSAGE_CHARACTERS) } };
  const message: NodeMessageInput = {
    type: 'job_result',
    job_id: jobId,
    attempt,
    node_id: nodeId,
    success: outcome.success,
    ...ended,
    processing_time_ms: Math.round(processingTimeMs),
    trace_id: traceId,
  };
  return JSON.stringify(message);
}
