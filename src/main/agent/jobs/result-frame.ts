// Encodes a job's outcome as a `job_result` frame, and decides whether a stored result can still be sent: its frames must fit the
// scheduler's limit, and a stream needs its chunks. A result that cannot be sent becomes a failure, never an incomplete success.
import { DEFAULT_MAX_MESSAGE_BYTES, MAX_JSON_COST, MAX_JSON_DEPTH } from '../../../shared/protocol/limits';
import type { JobTimingsMessage } from '../../../shared/protocol/job-timings';
import { jsonFaultOf } from '../../../shared/protocol/json-structure';
import type { NodeMessageInput } from '../../../shared/protocol/node-messages';
import { failed, type JobOutcome } from '../../runtimes/core/runtime-outcome';
import type { JobKey } from '../core/assignment';
import { openAiOutputSchema } from '../../../shared/protocol/tasks';

export interface ResultFacts extends JobKey {
  readonly nodeId: string;
  readonly traceId: string;
  readonly processingTimeMs: number;
}

/** What a frame has beside the outcome. */
type FrameFacts = ResultFacts & { readonly timings?: JobTimingsMessage | null };

type Failure = Extract<JobOutcome, { success: false }>['error'];

const MAX_MESSAGE_CHARACTERS = 4096;
const UNPRINTABLE = /(?![\n\t])\p{Cc}/gu;

/** The JSON text of `job_result` (protocol §2), at most `maxBytes` long. */
export function resultFrameText(facts: FrameFacts, outcome: JobOutcome, maxBytes = DEFAULT_MAX_MESSAGE_BYTES): string {
  const text = toText(facts, outcome);
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) return toText(facts, tooLarge(bytes, maxBytes));
  const fault = jsonFaultOf(text, { maxDepth: MAX_JSON_DEPTH, maxCost: MAX_JSON_COST });
  if (fault === 'too_deep') return toText(facts, failed('output_too_deep', 'the output is nested too deep to be sent', false));
  if (fault === 'too_complex') return toText(facts, failed('output_too_large', 'the output has too many values to be sent', false));
  return text;
}

/** A failure has no timings: its duration says nothing about the model. */
function toText({ jobId, attempt, nodeId, traceId, processingTimeMs, timings = null }: FrameFacts, outcome: JobOutcome): string {
  const measured = timings === null ? {} : { timings };
  const ended = outcome.success ? { output: outcome.output, ...measured } : { error: toError(outcome.error) };
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
  const printable = Object.entries(details).map(([name, value]): [string, unknown] => [
    name,
    typeof value === 'string' ? value.replaceAll(/\r\n?/g, '\n').replaceAll(UNPRINTABLE, '\ufffd') : value,
  ]);
  return { code, message: message.slice(0, MAX_MESSAGE_CHARACTERS), details: Object.fromEntries(printable) };
}

/** A stored result and its chunks, before they are sent. */
export interface ResultToSend {
  readonly frameBytes: number;
  /** The content of the result is in its chunks and not in its own frame. */
  readonly isInChunks: boolean;
  /** `lost`: the chunks were in memory and the program restarted. `tooLargeBytes`: a chunk exceeds the largest frame. */
  readonly chunks: 'kept' | 'lost' | { readonly tooLargeBytes: number };
}

/** Null: the result can be sent. `maxMessageBytes`: the largest frame that the scheduler accepts (protocol §1). */
export function undeliverableError({ frameBytes, isInChunks, chunks }: ResultToSend, maxMessageBytes: number): JobOutcome | null {
  if (frameBytes > maxMessageBytes) return tooLarge(frameBytes, maxMessageBytes);
  if (!isInChunks || chunks === 'kept') return null;
  if (chunks === 'lost') return failed('stream_broken', 'the node restarted before its chunks were acknowledged', true);
  return tooLarge(chunks.tooLargeBytes, maxMessageBytes);
}

/** Whether an output is that of a stream (protocol §2): it has the number of chunks and not their content. */
export function isInChunks(output: unknown): boolean {
  const read = openAiOutputSchema.safeParse(output);
  return read.success && 'chunks' in read.data && (read.data.chunks ?? 0) > 0 && read.data.events === undefined;
}

/** Not retryable: no other node could send it either. */
const tooLarge = (bytes: number, limitBytes: number): JobOutcome =>
  failed('output_too_large', 'the output is too large to be sent', false, { bytes, limit_bytes: limitBytes });
