// A job's outcome as the frame that tells it. What no frame can carry becomes a failure that says so.
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

/** JSON text of `job_result` (protocol §2) that is at most `maxBytes` long. */
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

/** Details beyond a length are dropped by the scheduler, and JSON makes six characters of one that a program put in to colour its words. */
function toError({ code, message, details }: Failure) {
  const printable = Object.entries(details).map(([name, value]) => [
    name,
    typeof value === 'string' ? value.replaceAll(/\r\n?/g, '\n').replaceAll(UNPRINTABLE, '\ufffd') : value,
  ]);
  return { code, message: message.slice(0, MAX_MESSAGE_CHARACTERS), details: Object.fromEntries(printable) };
}
