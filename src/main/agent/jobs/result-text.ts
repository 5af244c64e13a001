// Encodes a job's outcome as a `job_result` frame. An output that no frame can contain becomes a failure.
import { DEFAULT_MAX_MESSAGE_BYTES } from '../../../shared/protocol/limits';
import { isTooDeep } from '../../../shared/protocol/decode';
import type { NodeMessageInput } from '../../../shared/protocol/node-messages';
import { failed, type JobOutcome } from '../../runtimes/core/runtime-outcome';
import type { JobKey } from '../core/assignment';
import { tooLarge } from '../core/result-frame';

export interface ResultFacts extends JobKey {
  readonly nodeId: string;
  readonly traceId: string;
  readonly processingTimeMs: number;
}

type Failure = Extract<JobOutcome, { success: false }>['error'];

const MAX_MESSAGE_CHARACTERS = 4096;
const UNPRINTABLE = /(?![\n\t])\p{Cc}/gu;

/** The JSON text of `job_result` (protocol §2), at most `maxBytes` long. */
export function resultText(facts: ResultFacts, outcome: JobOutcome, maxBytes = DEFAULT_MAX_MESSAGE_BYTES): string {
  const text = toText(facts, outcome);
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) return toText(facts, tooLarge(bytes, maxBytes));
  if (isTooDeep(text)) return toText(facts, failed('output_too_deep', 'the output is nested too deep to be sent', false));
  return text;
}

function toText({ jobId, attempt, nodeId, traceId, processingTimeMs }: ResultFacts, outcome: JobOutcome): string {
  const ended = outcome.success ? { output: outcome.output } : { error: toError(outcome.error) };
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

/** Replaces control characters: JSON makes six characters of each, and the scheduler drops details that are too long. */
function toError({ code, message, details }: Failure) {
  const printable = Object.entries(details).map(([name, value]) => [
    name,
    typeof value === 'string' ? value.replaceAll(/\r\n?/g, '\n').replaceAll(UNPRINTABLE, '\ufffd') : value,
  ]);
  return { code, message: message.slice(0, MAX_MESSAGE_CHARACTERS), details: Object.fromEntries(printable) };
}
